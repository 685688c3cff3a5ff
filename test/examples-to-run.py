#! /usr/bin/env python3

# For ns-3's test.py: (program and arguments, whether to run it, whether to run it under valgrind).
cpp_examples = []
python_examples = []
