"""
A flash chip in RAM: the block device that a file system sees, with all that can go wrong with one.

Speaks both of MicroPython's block device interfaces.  With an offset (littlefs) programming and erasing are operations
of their own, as on NOR flash; without one (FAT) a write replaces whole blocks in one operation, as an SD card does it.
Imports nothing, so a test on any target can use it.

    chip = RAMBlockDev(16)                          # 16 blocks of 4096 bytes, erased
    vfs.VfsLfs2.mkfs(chip)
    chip.reset_counters()                           # reads, programs, erases, read_bytes, program_bytes, wear
    chip.cut_after(3)                               # the power fails at the fourth operation that changes anything
    chip.fail("program", errno.EIO, after=2, times=1)
    chip.interrupt_after(5, exc)                    # `exc` is raised as the sixth program ends, as a guard's is
    chip.flip_bit(address, bit)                     # bit rot
    chip = chip.powered_on()                        # the same chip after the cut

Trying many faults on one image costs no copy of it:

    chip.checkpoint()
    for n in range(...):
        chip.cut_after(n)
        ...
        chip = chip.rolled_back()                   # what checkpoint() saw, power on
"""

_EIO = const(5)
_PAGE = const(256)  # bytes that the journal keeps together
_IOCTL_BLOCK_COUNT = const(4)
_IOCTL_BLOCK_SIZE = const(5)
_IOCTL_BLOCK_ERASE = const(6)


_blank = {}  # size -> an erased block of that size


class PowerCut(BaseException):
    """The power has failed.  A BaseException, so that no handler in the code under test eats it."""


class RAMBlockDev:
    """`blocks` blocks of `block_size` bytes, erased to ones; or what `data`, a bytearray, holds (it is not copied).

    A device whose power was cut is dead: it can still be read, and drops in silence what is written, so that
    finalisers which the collector runs later can neither repair the image nor complain.  Life goes on with the object
    that powered_on() returns.
    """

    def __init__(self, blocks=16, block_size=4096, data=None):
        self.block_size = block_size
        self.data = bytearray(blocks * block_size) if data is None else data
        self.dead = False
        self._view = memoryview(self.data)
        if block_size not in _blank:
            _blank[block_size] = memoryview(b"\xff" * block_size)
        self._erased = _blank[block_size]
        self.faults = 0  # how many cuts, failures and exceptions have happened
        self._journal = None  # address of a page changed since checkpoint() -> what it was, None if erased
        self.disarm()
        if data is None:
            for block in range(blocks):
                self._put(block * block_size, self._erased)
        self.reset_counters()

    def reset_counters(self):
        """Count from zero again.  `unerased` counts programs of a place that was not erased before: always a bug."""
        self.reads = self.programs = self.erases = 0
        self.read_bytes = self.program_bytes = 0
        self.unerased = 0
        self.wear = {}  # block -> times erased

    def cut_after(self, operations, torn=False):
        """Let so many programs and erases pass and cut the power at the next (PowerCut): before it, or torn half-way."""
        self._cut = [operations, torn]

    def fail(self, kind, errno=_EIO, after=0, times=1):
        """Answer `errno` to `times` operations of a kind ("read", "program", "erase"), once `after` have gone well."""
        self._failures[kind] = [after, times, errno]

    def interrupt_after(self, operations, exc, kind="program", done=True):
        """Let so many operations of a kind pass and raise `exc` at the next one, once: when it is done, or before it.

        The device lives on.  Flash drivers look after pending exceptions (rp2: at the end of each read and program; one
        written in Python: anywhere), so this is where a guard or a Ctrl-C hits a file system.
        """
        self._interrupt = [operations, exc, kind, done]

    def disarm(self):
        """Let nothing go wrong any more."""
        self._cut = None  # [operations until the power cut, torn]
        self._interrupt = None  # [operations until then, exception, kind, whether that operation is done]
        self._failures = {}  # kind of operation -> [operations to let pass, operations to fail, errno]

    def flip_bit(self, address, bit=0):
        """Bit rot at one address."""
        self._put(address, bytes([self.data[address] ^ 1 << bit]))

    def powered_on(self):
        """RAMBlockDev: the same chip with the power back and nothing armed.  This object is dead from now on."""
        chip = RAMBlockDev(block_size=self.block_size, data=self.data)
        chip._journal = self._journal
        self.dead = True
        return chip

    def checkpoint(self):
        """Remember what the chip holds now, for rolled_back()."""
        self._journal = {}

    def rolled_back(self):
        """RAMBlockDev: the chip as checkpoint() saw it, as powered_on()."""
        for address, page in self._journal.items():
            self._view[address : address + _PAGE] = page or self._erased[:_PAGE]
        self._journal.clear()
        return self.powered_on()

    # What a file system calls.

    def readblocks(self, block, buffer, offset=0):
        """Fill `buffer`; returns 0 or a negative errno."""
        self.reads += 1
        self.read_bytes += len(buffer)
        failure = self._failure("read")
        if not failure:
            address = block * self.block_size + offset
            self._interrupted("read", False)
            buffer[:] = self._view[address : address + len(buffer)]
            self._interrupted("read", True)
        return failure

    def writeblocks(self, block, buffer, offset=None):
        """Program, or without an offset replace whole blocks; returns 0 or a negative errno."""
        address = block * self.block_size + (offset or 0)
        self.programs += 1
        self.program_bytes += len(buffer)
        if offset is not None and not self.dead:
            self.unerased += not self._is_erased(address, len(buffer))
        return self._change("program", address, buffer)

    def ioctl(self, operation, argument):
        """Answer the number and the size of blocks, erase one; anything else is not known: None."""
        if operation == _IOCTL_BLOCK_COUNT:
            return len(self.data) // self.block_size
        if operation == _IOCTL_BLOCK_SIZE:
            return self.block_size
        if operation == _IOCTL_BLOCK_ERASE:
            self.erases += 1
            self.wear[argument] = self.wear.get(argument, 0) + 1
            return self._change("erase", argument * self.block_size, self._erased)
        return None

    def _change(self, kind, address, buffer):
        if self.dead:
            return 0
        failure = self._failure(kind)
        if failure:
            return failure
        if self._cut:
            if self._cut[0] == 0:
                if self._cut[1]:
                    self._put(address, memoryview(buffer)[: len(buffer) // 2])
                self.dead = True
                self.faults += 1
                raise PowerCut
            self._cut[0] -= 1
        self._interrupted(kind, False)
        self._put(address, buffer)
        self._interrupted(kind, True)
        return 0

    def _put(self, address, buffer):
        end = address + len(buffer)
        if self._journal is not None:
            for page in range(address - address % _PAGE, end, _PAGE):
                if page not in self._journal:
                    kept = None if self._is_erased(page, _PAGE) else bytes(self._view[page : page + _PAGE])
                    self._journal[page] = kept
        self._view[address:end] = buffer

    def _is_erased(self, address, length):
        return self._view[address : address + length] == self._erased[:length]

    def _failure(self, kind):
        armed = self._failures.get(kind)
        if not armed or not armed[1]:
            return 0
        if armed[0]:
            armed[0] -= 1
            return 0
        armed[1] -= 1
        self.faults += 1
        return -armed[2]

    def _interrupted(self, kind, done):
        armed = self._interrupt
        if armed and armed[2] == kind and armed[3] == done:
            if armed[0] == 0:
                self._interrupt = None
                self.faults += 1
                raise armed[1]
            armed[0] -= 1
