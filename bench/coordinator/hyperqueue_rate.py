"""HyperQueue's wheel doing nothing many times on this machine: a server and a worker inside one process, a process a
task, as it is used. Prints a line "tasks per second: N" a run, among what the
library prints; it asks once a second whether all is done. Usage: hyperqueue_rate.py TASKS RUNS CORES"""

import sys
import tempfile
import time

from hyperqueue import Job
from hyperqueue.cluster import LocalCluster, WorkerConfig


def tasks_per_second(tasks: int, cores: int) -> float:
    with tempfile.TemporaryDirectory() as folder, LocalCluster(server_dir=folder) as cluster:
        cluster.start_worker(WorkerConfig(cores=cores))
        client = cluster.client()
        job = Job(default_workdir=folder)
        for _ in range(tasks):
            job.program(["/bin/true"], stdout=None, stderr=None)
        begin = time.monotonic()
        submitted = client.submit(job)
        if not client.wait_for_jobs([submitted]):
            raise SystemExit("a task failed")
        return tasks / (time.monotonic() - begin)


def main() -> None:
    tasks, runs, cores = (int(text) for text in sys.argv[1:])
    for _ in range(runs):
        print(f"tasks per second: {tasks_per_second(tasks, cores):.1f}", flush=True)


main()
