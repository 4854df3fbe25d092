import { hostname } from 'node:os'
import { isRecord } from '../../model/option-checks'
import { randomHex } from '../../runtime/random'
import { codeOf } from '../../runtime/system-error'
import type { SpoolFs } from './spool-files'

/** Who holds a lock. */
export interface LockOwner {
  readonly host: string
  readonly pid: number
  /** When the process began, as the system tells it: numbers of processes are used again. Empty where it does not. */
  readonly began: string
  /** Where that number means this process: containers of one host name have numbers of their own. Empty where there is one. */
  readonly space: string
  readonly token: string
}

/** This process, with a token of its own for each lock. */
export async function thisOwner(files: SpoolFs): Promise<LockOwner> {
  const [began, space] = [await beganAt(files, 'self'), await numberSpace(files)]
  return { host: hostname(), pid: process.pid, began, space, token: randomHex(8) }
}

/** The owner that a lock names; undefined where it names none. */
export function ownerOf(content: Buffer): LockOwner | undefined {
  try {
    const owner: unknown = JSON.parse(content.toString())
    return isRecord(owner) && Number.isSafeInteger(owner.pid) ? (owner as unknown as LockOwner) : undefined
  } catch {
    return undefined
  }
}

/** Whether the owner's process runs; undefined where that cannot be told from here. */
export async function isAlive(files: SpoolFs, { host, pid, began, space }: LockOwner): Promise<boolean | undefined> {
  if (host !== hostname() || space !== (await numberSpace(files))) return undefined
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  const now = await beganAt(files, String(pid))
  return began === '' || now === '' || began === now
}

/** Numbers of processes mean something until the next boot, and within a namespace of Linux. */
async function numberSpace(files: SpoolFs): Promise<string> {
  try {
    const boot = await files.readFile('/proc/sys/kernel/random/boot_id')
    return `${boot.toString().trim()} ${await files.readlink('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

async function beganAt(files: SpoolFs, pid: string): Promise<string> {
  try {
    // The name of the program may hold blanks and brackets; the start is the 20th field after it.
    const stat = (await files.readFile(`/proc/${pid}/stat`)).toString()
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
