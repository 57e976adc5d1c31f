"""A server's process, and its end."""

import subprocess


def end(process: subprocess.Popen[bytes] | None, how: int) -> None:
    """Send a signal to a process that still runs, and wait for its end; one that does not go is killed."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)
