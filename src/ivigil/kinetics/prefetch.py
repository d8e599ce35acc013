"""Memory asked for ahead of its use, in compiled code: a table is written row after row, far apart from each other.

What is computed does not depend on it. Written against numba's interface for extensions.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped] # llvmlite ships no types
from numba.core import cgutils, types
from numba.extending import intrinsic

LINE_BYTES = 64  # a cache line of most processors; on others some of the asking is in vain
_TO_WRITE, _KEEP, _DATA = 1, 3, 1


@intrinsic
def _prefetched(_: object, address: Any) -> tuple[Any, Any]:  # noqa: ANN401 - numba's own types
    def generate(context: Any, builder: Any, _: object, arguments: list[Any]) -> Any:  # noqa: ANN401 - numba's own types
        number = ir.IntType(32)
        line = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [line.type, number, number, number])
        declare: Any = cgutils.get_or_insert_function
        function = declare(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [line, number(_TO_WRITE), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(address), generate


ask: Any = _prefetched  # called with an address alone: the line there is fetched, because it will be written soon
