"""What is recorded of runs, as messages."""
from __future__ import annotations

from typing import ClassVar

from .graph_proto import GraphDef
from .message import Field, Message


class NodeExecStats(Message):
    """When a node ran."""

    FIELDS = (Field(1, "node_name", "string"), Field(2, "all_start_micros", "int64"), Field(3, "op_start_rel_micros", "int64"),
              Field(4, "op_end_rel_micros", "int64"), Field(5, "all_end_rel_micros", "int64"),
              Field(8, "timeline_label", "string"), Field(9, "scheduled_micros", "int64"), Field(10, "thread_id", "uint32"))


class DeviceStepStats(Message):
    """When the nodes of a device ran."""

    FIELDS = (Field(1, "device", "string"), Field(2, "node_stats", "message", True, lambda: NodeExecStats))


class StepStats(Message):
    """When the nodes of a run ran."""

    FIELDS = (Field(1, "dev_stats", "message", True, lambda: DeviceStepStats),)


class FunctionGraphs(Message):
    """The graphs of a function: as it was traced, and as it ran."""

    FIELDS = (Field(1, "partition_graphs", "message", True, lambda: GraphDef),
              Field(2, "pre_optimization_graph", "message", message=lambda: GraphDef),
              Field(3, "post_optimization_graph", "message", message=lambda: GraphDef))


class RunMetadata(Message):
    """What is recorded of one run: times, and the graphs that ran."""

    FunctionGraphs: ClassVar[type[Message]] = FunctionGraphs
    FIELDS = (Field(1, "step_stats", "message", message=lambda: StepStats),
              Field(3, "partition_graphs", "message", True, lambda: GraphDef),
              Field(4, "function_graphs", "message", True, lambda: FunctionGraphs))
