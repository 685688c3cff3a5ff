#! /usr/bin/env python3

# For ns-3's test.py: (program and arguments, whether to run it, whether to run it under valgrind).
cpp_examples = [
    ("bounded-loss-example --rounds=10", "True", "False"),
    ("burst-loss-example --rounds=20", "True", "False"),
    ("crash-and-rejoin-example --rounds=150", "True", "False"),
    ("dedicated-servers-example --rounds=10", "True", "False"),
    ("downlink-example --rounds=10", "True", "False"),
    ("existing-topology-example --rounds=5", "True", "False"),
    ("gradient-averaging-example --rounds=20", "True", "False"),
    ("leaf-spine-web-traffic-example --rounds=3 --rate=1000", "True", "False"),
    ("mixing-coefficients-example", "True", "False"),
    ("mixing-coefficients-example --dedicated=1 --dropRate=0.1", "True", "False"),
    ("mpi-training-example", "True", "False"),
    ("own-model-example --rounds=50", "True", "False"),
    ("own-rule-example --rounds=20", "True", "False"),
    ("rps-star-example --rounds=10", "os.path.exists('/usr/share/datasets/fashion-mnist')", "False"),
    ("trace-sources-example", "True", "False"),
    ("trains-example --rounds=5", "True", "False"),
    ("wifi-training-example --rounds=5", "True", "False"),
    # of the companion module in contrib/serverless
    ("advise --most=4 --optimizations=ga --simulate=1 --simulatedRounds=2", "True", "False"),
    ("serverless-channels-example --rounds=1", "True", "False"),
    ("serverless-fast-link-example --rounds=1", "True", "False"),
    ("serverless-faults-example", "True", "False"),
    ("serverless-gpu-functions-example --rounds=2", "True", "False"),
    ("serverless-hot-data-example --gigabytes=1", "True", "False"),
    ("serverless-multi-tenancy-example", "True", "False"),
    ("serverless-optimizers-example --loss=0.66", "True", "False"),
    ("serverless-patterns-example --rounds=1", "True", "False"),
    ("serverless-platforms-example", "True", "False"),
    ("serverless-protocols-example", "True", "False"),
    ("serverless-training", "True", "False"),
]
python_examples = []
