"""Memory asked for ahead of its use, in compiled code: a table is written row after row, far apart from each other.

What is computed does not depend on it. Written against numba's interface for extensions.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types  # type: ignore[import-untyped] # numba ships no types
from numba.extending import intrinsic  # type: ignore[import-untyped] # numba ships no types

LINE_BYTES = 64  # a cache line of the processors that numba compiles for; on others some of the asking is in vain
_TO_WRITE, _KEEP, _DATA = 1, 3, 1


@intrinsic  # type: ignore[untyped-decorator] # numba ships no types
def prefetched(_: object, address: Any) -> tuple[Any, Any]:  # noqa: ANN401 - numba's own types
    """Ask for the cache line at an address, which will be written soon."""

    def generate(context: Any, builder: Any, _: object, arguments: list[Any]) -> Any:  # noqa: ANN401 - numba's own types
        number = ir.IntType(32)
        line = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [line.type, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [line, number(_TO_WRITE), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(address), generate
