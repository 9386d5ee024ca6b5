"""`tf.train` of TensorFlow 1."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "checkpoint.checkpoint": "Checkpoint CheckpointOptions",
    "checkpoint.manager": "CheckpointManager",
    "checkpoint.paths": "checkpoint_exists checkpoints_iterator generate_checkpoint_state_proto get_checkpoint_mtimes "
        "get_checkpoint_state latest_checkpoint remove_checkpoint update_checkpoint_state",
    "checkpoint.reader": "NewCheckpointReader=CheckpointReader list_variables load_checkpoint load_variable",
    "formats.event_file": "summary_iterator",
    "formats.graph_def": "write_graph",
    "saved_model.protos": "SaverDef",
    "v1.meta_graphs": "import_meta_graph",
    "v1.saved_model_builder": "export_meta_graph",
    "v1.saver": "Saver",
    "v1.warm_start": "init_from_checkpoint",
    "v1.averages": "ExponentialMovingAverage",
    "v1.decays": "cosine_decay cosine_decay_restarts exponential_decay inverse_time_decay linear_cosine_decay "
        "natural_exp_decay noisy_linear_cosine_decay piecewise_constant piecewise_constant_decay polynomial_decay",
    "v1.global_step": "assert_global_step create_global_step get_global_step get_or_create_global_step global_step",
    "v1.batches": "batch batch_join maybe_batch maybe_batch_join maybe_shuffle_batch maybe_shuffle_batch_join shuffle_batch "
        "shuffle_batch_join",
    "v1.coordinator": "Coordinator LooperThread",
    "v1.inputs": "input_producer limit_epochs match_filenames_once range_input_producer slice_input_producer "
        "string_input_producer",
    "v1.monitored.creators": "ChiefSessionCreator SessionCreator WorkerSessionCreator",
    "v1.monitored.hooks": "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues",
    "v1.monitored.saving_hooks": "CheckpointSaverHook CheckpointSaverListener SummarySaverHook",
    "v1.monitored.scaffold": "Scaffold",
    "v1.monitored.session_manager": "SessionManager",
    "v1.monitored.sessions": "MonitoredSession MonitoredTrainingSession SingularMonitoredSession",
    "v1.monitored.step_hooks": "GlobalStepWaiterHook StepCounterHook StopAtStepHook",
    "v1.monitored.supervisor": "Supervisor basic_train_loop",
    "v1.monitored.timers": "SecondOrStepTimer",
    "v1.monitored.value_hooks": "FeedFnHook FinalOpsHook LoggingTensorHook NanLossDuringTrainingError NanTensorHook",
    "v1.queue_runner": "QueueRunner add_queue_runner queue_runner=. start_queue_runners",
    "v1.optimizer": "Optimizer",
    "v1.optimizers": "AdadeltaOptimizer AdagradDAOptimizer AdagradOptimizer AdamOptimizer FtrlOptimizer "
        "GradientDescentOptimizer MomentumOptimizer ProximalAdagradOptimizer ProximalGradientDescentOptimizer "
        "RMSPropOptimizer",
})
