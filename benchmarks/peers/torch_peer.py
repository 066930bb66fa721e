"""PyTorch as a contestant of `benchmarks/run peers`: says "ready", then answers each line by a line.

  torch_peer.py step SIZES BATCH              "SECONDS" -> samples/s of training on one thread
  torch_peer.py ddp RANK PORT SIZES BATCH     "STEPS"   -> seconds that both processes took for them
  torch_peer.py allreduce RANK PORT           "BYTES SECONDS" -> microseconds of an all_reduce, the median

  torch_peer.py mnist FOLDER SEED [ACCURACY...]   no contestant: trains 784-512-256-10 and prints lines
      "first" after the first step, "reached ACCURACY STEPS TEST_SECONDS" for each, "memory MB"; what the test
      took until then, the reading of its rows included, is no part of training

SIZES are the columns of all layers, such as 784,128,10. The networks have ReLU and softmax cross-entropy, and
train by SGD with momentum 0.9, as Lockstep's do beside them. What a process answers for both, it measures between
barriers.
"""
import gzip
import os
import statistics
import sys
import time

import torch
import torch.distributed as dist
import torch.nn.functional as functional

ROWS = 60_000
MOMENTUM = 0.9


def network(sizes):
    layers = []
    for columns, units in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(columns, units), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Trainer:
    """Trains on rows that are shuffled anew in each epoch."""

    def __init__(self, model, rows, labels, batch, rate):
        self.model, self.rows, self.labels, self.batch = model, rows, labels, batch
        self.optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=MOMENTUM)
        self.order, self.at = torch.randperm(len(rows)), 0

    def step(self):
        if self.at >= len(self.rows):
            self.order, self.at = torch.randperm(len(self.rows)), 0
        chosen = self.order[self.at:self.at + self.batch]
        self.at += self.batch
        self.optimizer.zero_grad(set_to_none=False)
        functional.cross_entropy(self.model(self.rows[chosen]), self.labels[chosen]).backward()
        self.optimizer.step()


def images(columns):
    """Random pixels, four in five of them zero, and random labels."""
    rows = torch.rand(ROWS, columns)
    rows[torch.rand(ROWS, columns) < 0.8] = 0
    return rows, torch.randint(0, 8, (ROWS,))


def serve(answer):
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(line.split()), flush=True)


def step(sizes, batch):
    trainer = Trainer(network(sizes), *images(sizes[0]), batch, 0.001)

    def answer(words):
        steps, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < float(words[0]):
            trainer.step()
            steps += 1
        return steps * batch / (time.perf_counter() - begin)

    serve(answer)


def join(rank, port):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=port, GLOO_SOCKET_IFNAME="lo")
    if rank == 0:
        print("ready", flush=True)  # before it waits for the other
    dist.init_process_group("gloo", rank=rank, world_size=2)
    if rank == 1:
        print("ready", flush=True)


def serve_joined(answer):
    for line in sys.stdin:
        print(answer(line.split()), flush=True)


def ddp(rank, port, sizes, batch):
    join(rank, port)
    model = torch.nn.parallel.DistributedDataParallel(network(sizes))
    trainer = Trainer(model, *images(sizes[0]), batch, 0.001)

    def answer(words):
        dist.barrier()
        begin = time.perf_counter()
        for _ in range(int(words[0])):
            trainer.step()
        dist.barrier()
        return time.perf_counter() - begin

    serve_joined(answer)


def allreduce(rank, port):
    join(rank, port)

    def answer(words):
        values = torch.zeros(int(words[0]) // 4)
        rounds = torch.zeros(1)
        times = []
        begin = time.perf_counter()
        dist.all_reduce(values)
        rounds[0] = max(3, float(words[1]) / (time.perf_counter() - begin))
        dist.broadcast(rounds, 0)  # both do as many
        for _ in range(int(rounds.item())):
            begin = time.perf_counter()
            dist.all_reduce(values)
            times.append(time.perf_counter() - begin)
        return 1e6 * statistics.median(times)

    serve_joined(answer)


def idx(path, header):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header)


def mnist(folder, part):
    rows = idx(f"{folder}/{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784).float() / 255
    return rows, idx(f"{folder}/{part}-labels-idx1-ubyte.gz", 8).long()


def train_mnist(folder, seed, accuracies):
    torch.manual_seed(seed)
    model = network([784, 512, 256, 10])
    trainer = Trainer(model, *mnist(folder, "train"), 128, 0.05)
    trainer.step()
    print("first", flush=True)
    begin = time.perf_counter()
    test_rows, test_labels = mnist(folder, "t10k") if accuracies else (None, None)
    steps, tested, wanted = 1, time.perf_counter() - begin, list(accuracies)
    while wanted and steps < 10_000:
        trainer.step()
        steps += 1
        if steps % 100 == 0:
            begin = time.perf_counter()
            with torch.no_grad():
                accuracy = (model(test_rows).argmax(1) == test_labels).float().mean().item()
            tested += time.perf_counter() - begin
            while wanted and accuracy >= float(wanted[0]):
                print("reached", wanted.pop(0), steps, tested, flush=True)
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print("memory", int(peak.split()[1]) * 1024 / 1e6, flush=True)


def main(words):
    torch.set_num_threads(1)
    what = words[0]
    if what == "step":
        step([int(size) for size in words[1].split(",")], int(words[2]))
    elif what == "ddp":
        ddp(int(words[1]), words[2], [int(size) for size in words[3].split(",")], int(words[4]))
    elif what == "allreduce":
        allreduce(int(words[1]), words[2])
    elif what == "mnist":
        train_mnist(words[1], int(words[2]), words[3:])
    else:
        sys.exit(f"torch_peer.py: expected step, ddp, allreduce or mnist but found {what}")


if __name__ == "__main__":
    main(sys.argv[1:])
