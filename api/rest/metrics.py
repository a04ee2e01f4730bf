"""What operators watch, as Prometheus reads it."""

from prometheus_client import Counter, Gauge, Histogram

ANSWERS = Counter("memoranda_http_answers_total", "Answers by route, method and status", ["route", "method", "status"])
SECONDS = Histogram("memoranda_http_seconds", "Seconds a request took, by route", ["route"])
DECISIONS = Counter("memoranda_decisions_total", "Recorded decisions", ["scenario", "verdict"])
DATA_AGE = Gauge("memoranda_data_age_seconds", "Seconds since the data time of a list's last arrival", ["list"])
TREE_SIZE = Gauge("memoranda_log_tree_size", "Leaves under the newest signed head")
WAITING = Gauge("memoranda_log_waiting", "Whether a recorded leaf waits for its number")
SEQUENCER = Gauge("memoranda_log_sequencer_up", "Whether the sequencer is at work")
REGISTRY = Gauge("memoranda_registry_version", "The newest version of the registry")
RELOADS = Counter("memoranda_law_reloads_total", "Reloads of the packs by outcome", ["outcome"])
