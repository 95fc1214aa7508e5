"""Drives a bench place through labgrid, as a lab's test would: prints what came of each step.

    labgrid_place.py ENVIRONMENT.yaml TARGET check|load
"""
import sys

from labgrid import Environment


def main():
    environment, name, action = sys.argv[1:]
    target = Environment(environment).get_target(name)
    driver = target.get_driver("SwdoctorDriver")
    try:
        result = driver.check() if action == "check" else driver.load()
        print("fine", result["command"], result["verdict"])
    except Exception as trouble:  # pylint: disable=broad-except
        print(type(trouble).__name__, getattr(trouble, "cause", "-"), trouble)


main()
