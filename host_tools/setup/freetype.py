"""
FreeType made to fit a board, and to read fonts that come from anybody.

As it comes it holds the tables that say where glyphs and characters are, 100 KB and more of a Chinese font, and draws with 16 KB of stack.
Here it looks glyphs up in the file, leaves characters to firmware/cmodules/fonts/charmap.c, and draws in 4 KB of the heap.
"""

from pathlib import Path

from host_tools.setup.edit import edit

_EXTRACT = """    /*
     * Extract the frame.  We don't need to decompress it since
     * we are able to parse it directly.
     */
    if ( FT_FRAME_EXTRACT( table_len, face->glyph_locations ) )
      goto Exit;
"""
_REMEMBER = """    face->loca_offset = FT_STREAM_POS();
"""
_PLACES = """    FT_Byte*  p;
    FT_Byte*  p_limit;


    pos1 = pos2 = 0;
"""
_PLACES_IN_FILE = """    FT_Stream  stream = face->stream;
    FT_Error   error;
    FT_UInt    shift  = ttface->header.Index_To_Loc_Format != 0 ? 2 : 1;


    pos1 = pos2 = 0;

    if ( gindex >= ttface->num_locations                                ||
         FT_STREAM_SEEK( ttface->loca_offset + ( (FT_ULong)gindex << shift ) ) )
    {
      *asize = 0;
      return 0;
    }
"""
_LONG = """        p       = ttface->glyph_locations + gindex * 4;
        p_limit = ttface->glyph_locations + ttface->num_locations * 4;

        pos1 = FT_NEXT_ULONG( p );
        pos2 = pos1;

        if ( p + 4 <= p_limit )
          pos2 = FT_NEXT_ULONG( p );
"""
_LONG_IN_FILE = """        pos1 = FT_Stream_ReadULong( stream, &error );
        pos2 = pos1;

        if ( gindex + 1 < ttface->num_locations )
          pos2 = FT_Stream_ReadULong( stream, &error );
"""
_SHORT = """        p       = ttface->glyph_locations + gindex * 2;
        p_limit = ttface->glyph_locations + ttface->num_locations * 2;

        pos1 = FT_NEXT_USHORT( p );
        pos2 = pos1;

        if ( p + 2 <= p_limit )
          pos2 = FT_NEXT_USHORT( p );
"""
_SHORT_IN_FILE = """        pos1 = FT_Stream_ReadUShort( stream, &error );
        pos2 = pos1;

        if ( gindex + 1 < ttface->num_locations )
          pos2 = FT_Stream_ReadUShort( stream, &error );
"""
_CMAP = """    if ( FT_FRAME_EXTRACT( face->cmap_size, face->cmap_table ) )
      face->cmap_size = 0;
"""
_HDMX = """    error = tt_face_load_hdmx( face, stream );
    if ( error )
      goto Exit;
"""
# As it comes, a font may nest its glyphs as deep as it has glyphs: each level takes a few hundred bytes of stack.
_NESTING = """    if ( recurse_count > face->max_profile.maxComponentDepth )
    {
      FT_TRACE1"""
_FEW_LEVELS = """    if ( recurse_count > 6 )
    {
      error = FT_THROW( Invalid_Composite );
      goto Exit;
    }

"""
_RENDER = "    return gray_convert_glyph( RAS_VAR );\n"
_RENDER_IN_HEAP = """    {
      FT_Memory  memory = (FT_Memory)( (gray_PRaster)raster )->memory;
      int        error;


      ras.pool = (TCell*)memory->alloc( memory, FT_MAX_GRAY_POOL * sizeof ( TCell ) );
      if ( !ras.pool )
        return FT_THROW( Out_Of_Memory );
      error = gray_convert_glyph( RAS_VAR );
      memory->free( memory, ras.pool );
      return error;
    }
"""


def fit_freetype(folder: Path) -> None:
    """Change the library below `folder`; BuildError where it is not what it was."""
    library = folder / "freetype"
    for name, before, after in (
        ("include/freetype/internal/tttypes.h", "    FT_Byte*              glyph_locations;\n", "    FT_ULong              loca_offset;\n"),
        ("src/truetype/ttpload.c", _EXTRACT, _REMEMBER),
        ("src/truetype/ttpload.c", _PLACES, _PLACES_IN_FILE),
        ("src/truetype/ttpload.c", _LONG, _LONG_IN_FILE),
        ("src/truetype/ttpload.c", _SHORT, _SHORT_IN_FILE),
        ("src/truetype/ttpload.c", "    FT_Stream  stream = face->root.stream;\n\n\n    FT_FRAME_RELEASE( face->glyph_locations );\n", ""),
        ("src/truetype/ttobjs.c", "             face->glyph_locations            &&\n", ""),
        ("src/truetype/ttobjs.c", _HDMX, ""),
        ("src/truetype/ttgload.c", _NESTING, _FEW_LEVELS + _NESTING),
        ("src/sfnt/ttload.c", _CMAP, ""),
        ("src/sfnt/sfobjs.c", "    LOAD_( name );\n", ""),
        ("src/sfnt/sfobjs.c", "    LOAD_( pclt );\n    LOAD_( gasp );\n    LOAD_( kern );\n", ""),
        ("src/smooth/ftgrays.c", "    TCell    buffer[FT_MAX_GRAY_POOL];\n", "    TCell*   buffer = ras.pool;\n"),
        ("src/smooth/ftgrays.c", "    PCell       cell_free;", "    TCell*      pool;\n    PCell       cell_free;"),
        ("src/smooth/ftgrays.c", _RENDER, _RENDER_IN_HEAP),
    ):  # fmt: skip
        edit(library, name, before, after)
