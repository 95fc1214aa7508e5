"""A labgrid driver that checks the connection to a board and flashes it, by swdoctor.

In the environment (swdoctor is looked for in PATH unless `tools` names it):

    targets:
      main:
        resources:
          SwdoctorProbe: {probe: "usb@1-2.3"}     # or usb:SERIAL, or sim:SCENARIO for a dry run
        drivers:
          SwdoctorDriver: {image: firmware, allow: [reset]}
    images: {firmware: build/firmware.elf}
    imports: [/usr/share/swdoctor/labgrid/labgrid_swdoctor.py]

A USBDebugger, local or exported, is taken as well where labgrid matches the ST-LINK. Trouble of the lab (no probe, no
permission, a sick probe) is raised as LabTrouble, everything else as BoardTrouble; both carry swdoctor's result.
"""
import json
import re
import subprocess

import attr
from labgrid.driver import Driver
from labgrid.driver.exception import ExecutionError
from labgrid.factory import target_factory
from labgrid.protocol import BootstrapProtocol
from labgrid.resource import Resource
from labgrid.step import step
from labgrid.util.managedfile import ManagedFile


class SwdoctorTrouble(ExecutionError):
    """`result` is the JSON object that swdoctor printed, `cause` the id of the first cause or "none"."""

    def __init__(self, text, cause, result):
        super().__init__(text)
        self.cause = cause
        self.result = result


class LabTrouble(SwdoctorTrouble):
    pass


class BoardTrouble(SwdoctorTrouble):
    pass


@target_factory.reg_resource
@attr.s(eq=False)
class SwdoctorProbe(Resource):
    """A probe by swdoctor's words for it."""
    probe = attr.ib(validator=attr.validators.instance_of(str))


@target_factory.reg_driver
@attr.s(eq=False)
class SwdoctorDriver(Driver, BootstrapProtocol):
    bindings = {"probe": {"SwdoctorProbe", "USBDebugger", "NetworkUSBDebugger"}}
    image = attr.ib(default=None, validator=attr.validators.optional(attr.validators.instance_of(str)))
    allow = attr.ib(default=attr.Factory(list), validator=attr.validators.instance_of(list))
    timeout = attr.ib(default=120, validator=attr.validators.instance_of(int))

    def _run(self, command, *args):
        tool = self.target.env.config.get_tool("swdoctor") if self.target.env else None
        words = getattr(self.probe, "probe", None) or "usb@" + self.probe.path
        call = [*self.probe.command_prefix, tool or "swdoctor", command, "--format", "json", "--timeout",
                str(self.timeout), "--probe", words, *args]
        if self.allow:
            call += ["--allow", ",".join(self.allow)]
        done = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              timeout=self.timeout + 30)
        end = re.search(r"^RESULT code=(\d+) class=(\S+) cause=(\S+)", done.stderr, re.M)
        result = json.loads(done.stdout) if done.stdout.strip() else {}
        if done.returncode == 0:
            return result
        kind, cause = end.groups()[1:] if end else ("tool", "none")
        title = next((f["title"] for f in result.get("findings", []) if f["cause"] == cause), None)
        trouble = LabTrouble if kind in ("infra", "user", "tool") else BoardTrouble
        raise trouble(f"swdoctor {command}: {title or done.stderr.strip()} ({kind}, {cause})", cause, result)

    @Driver.check_active
    @step(result=True)
    def check(self):
        """Examine the connection; returns swdoctor's result, raises unless it is healthy."""
        return self._run("check")

    @Driver.check_active
    @step(args=["filename"], result=True)
    def load(self, filename=None):
        """Write the image, read back every byte, and start it."""
        if filename is None and self.image is not None:
            filename = self.target.env.config.get_image_path(self.image)
        image = ManagedFile(filename, self.probe)
        image.sync_to_resource()
        return self._run("flash", image.get_remote_path())
