import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** What tells one process from all others, of this machine and of any other. */
export interface ProcessMark {
  /** Stands for the machine since its last boot and the namespace its pids count in. */
  machine: string;
  pid: number;
  /** In clock ticks since the boot: a pid is used again, with a later start. */
  start: string;
}

/** Fields 3 and 22 of /proc/<pid>/stat. */
interface ProcessStat {
  state: string;
  start: string;
}

/** The mark of this process; undefined where the system does not tell, as everywhere but on Linux. */
export function ownMark(): ProcessMark | undefined {
  try {
    // A /proc of another namespace would show other processes under these pids.
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    return { machine: machineId(), pid: process.pid, start: statOf(process.pid).start };
  } catch {
    return undefined;
  }
}

/**
 * True only where it is certain that the process has ended: it ran on this very machine, and is not there any more.
 * `own` is the mark of this process.
 */
export function hasEnded({ machine, pid, start }: ProcessMark, own: ProcessMark | undefined): boolean {
  if (own?.machine !== machine) return false;
  if (!exists(pid)) return true;
  try {
    const found = statOf(pid);
    return found.start !== start || found.state === 'Z' || found.state === 'X';
  } catch {
    // Processes of other users may be hidden.
    return false;
  }
}

/**
 * Cloned virtual machines share a boot id, and containers of a node share it with the node: hence the host name and the
 * namespaces. Hashed, because the boot id is nobody else's business.
 */
function machineId(): string {
  const parts = [
    readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    readlinkSync('/proc/self/ns/pid'),
    timeNamespace(),
    hostname(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** In another one, the same process has another start. Linux has them since 5.6. */
function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The second field is the program's name in parentheses, which may itself have spaces and parentheses. */
function statOf(pid: number): ProcessStat {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: state!, start: fields[18]! };
}
