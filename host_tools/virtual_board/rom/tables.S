/*
 * The boot ROM's fixed part (RP2040 datasheet 2.8.2 and 2.8.3): vectors, magic, function and data tables, and the
 * functions that the emulator answers at a `bkpt`.
 */
        .syntax unified
        .cpu    cortex-m0plus
        .thumb

/* A 16-bit pointer to a Thumb function. */
.macro  pointer name
        .hword  \name + 1
.endm

.macro  function code1, code2, name
        .ascii  "\code1\code2"
        pointer \name
.endm

        .section .header, "a"
        .word   0x20041f00              /* initial stack, below where the second stage goes */
        .word   rom_reset
        .word   rom_fault               /* NMI */
        .word   rom_fault               /* HardFault */
        .ascii  "Mu"                    /* 0x10: magic, format, version of the ROM */
        .byte   1, 3
        .hword  function_table
        .hword  data_table
        pointer rom_table_lookup

        .balign 4
function_table:
        function P, 3, rom_popcount32
        function R, 3, rom_reverse32
        function L, 3, rom_clz32
        function T, 3, rom_ctz32
        function M, S, rom_memset
        function S, 4, rom_memset
        function M, C, rom_memcpy
        function C, 4, rom_memcpy
        function U, B, rom_reset_usb_boot
        function I, F, rom_nothing      /* connect_internal_flash */
        function E, X, rom_nothing      /* flash_exit_xip */
        function R, E, rom_flash_range_erase
        function R, P, rom_flash_range_program
        function F, C, rom_nothing      /* flash_flush_cache */
        function C, X, rom_nothing      /* flash_enter_cmd_xip */
        function D, T, rom_fault        /* debug_trampoline */
        .hword  0

data_table:
        .ascii  "CR"
        .hword  copyright
        .ascii  "GR"
        .hword  revision
        .ascii  "SF"
        .hword  soft_float_table
        .ascii  "SD"
        .hword  soft_double_table
        .hword  0

        .balign 4
revision:
        .word   0
copyright:
        .asciz  "mpkiosk"

/* Data table 'SF' and 'SD', in the datasheet's order; the byte before the first says how many words there are. */
        .balign 4
        .byte   0, 0, 0x20, 0x20
soft_float_table:
        .word   __aeabi_fadd, __aeabi_fsub, __aeabi_fmul, __aeabi_fdiv
        .word   rom_fcmp, rom_fcmp_flags, rom_fsqrt
        .word   rom_float2int, rom_float2fix, rom_float2uint, rom_float2ufix
        .word   __aeabi_i2f, rom_fix2float, __aeabi_ui2f, rom_ufix2float
        .word   rom_fcos, rom_fsin, rom_ftan, rom_fault, rom_fexp, rom_fln
        .word   rom_fcmp, rom_fatan2
        .word   __aeabi_l2f, rom_fix642float, __aeabi_ul2f, rom_ufix642float
        .word   rom_float2int64, rom_float2fix64, rom_float2uint64, rom_float2ufix64
        .word   __aeabi_f2d

        .byte   0, 0, 0x20, 0x20
soft_double_table:
        .word   __aeabi_dadd, __aeabi_dsub, __aeabi_dmul, __aeabi_ddiv
        .word   rom_dcmp, rom_dcmp_flags, rom_dsqrt
        .word   rom_double2int, rom_double2fix, rom_double2uint, rom_double2ufix
        .word   __aeabi_i2d, rom_fix2double, __aeabi_ui2d, rom_ufix2double
        .word   rom_dcos, rom_dsin, rom_dtan, rom_dsincos, rom_dexp, rom_dln
        .word   rom_dcmp, rom_datan2
        .word   __aeabi_l2d, rom_fix642double, __aeabi_ul2d, rom_ufix642double
        .word   rom_double2int64, rom_double2fix64, rom_double2uint64, rom_double2ufix64
        .word   __aeabi_d2f

        .text
/* A function whose work the emulator does: arguments and result in the registers of the calling convention. */
.macro  answered name, number
        .global \name
        .thumb_func
\name:  bkpt    #\number
        bx      lr
.endm

/* The flash is asked to do something, and then whether it is still busy: interrupts run meanwhile, if they may. */
.macro  awaited name, number
        .global \name
        .thumb_func
\name:  bkpt    #\number
0:      bkpt    #5
        cmp     r0, #0
        bne     0b
        bx      lr
.endm

        awaited rom_flash_range_erase, 1
        awaited rom_flash_range_program, 2
        answered rom_fsin, 0x10         /* r0 = sine, r1 = cosine: sincosf counts on both */
        answered rom_fcos, 0x11
        answered rom_ftan, 0x12
        answered rom_fexp, 0x13
        answered rom_fln, 0x14
        answered rom_fatan2, 0x15
        answered rom_dsin, 0x20
        answered rom_dcos, 0x21
        answered rom_dtan, 0x22
        answered rom_dexp, 0x23
        answered rom_dln, 0x24
        answered rom_datan2, 0x25
        answered rom_dsincos, 0x26      /* r0, r1 = sine, r2, r3 = cosine */

        .global rom_reset_usb_boot
        .thumb_func
rom_reset_usb_boot:
        bkpt    #3
        b       .

        .thumb_func
rom_fault:
        bkpt    #4
        b       .

        .global rom_reset
        .thumb_func
rom_reset:
        bl      rom_boot

/* The compare functions that answer in the flags: those of (result - 0). */
        .thumb_func
rom_fcmp_flags:
        push    {r0-r3, lr}
        bl      rom_fcmp
        cmp     r0, #0
        pop     {r0-r3, pc}

        .thumb_func
rom_dcmp_flags:
        push    {r0-r3, lr}
        bl      rom_dcmp
        cmp     r0, #0
        pop     {r0-r3, pc}
