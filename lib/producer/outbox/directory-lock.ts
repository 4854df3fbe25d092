import { hostname } from 'node:os'
import { join } from 'node:path'
import { RocketMQError } from '../../errors'
import { isRecord } from '../../model/option-checks'
import { randomHex } from '../../runtime/random'
import { codeOf } from '../../runtime/system-error'
import { type SpoolFs, readIfThere } from './spool-files'

interface Owner {
  readonly host: string
  readonly pid: number
  /** When the process began, as the system tells it: numbers of processes are used again. Empty where it does not. */
  readonly began: string
  readonly token: string
}

const TRIES = 5

/**
 * Makes this process the only owner of a folder; resolves with what gives it back. The lock of a process that is gone is
 * taken over.
 * @throws RocketMQError OUTBOX_LOCKED
 */
export async function lockDirectory(files: SpoolFs, directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock')
  const owner: Owner = { host: hostname(), pid: process.pid, began: await beganAt(files, 'self'), token: randomHex(8) }
  for (let tries = 0; tries < TRIES; tries++) {
    if (await tryLock(files, path, owner)) return () => unlock(files, path, owner)
    const other = ownerOf(await readIfThere(files, path))
    if (other !== undefined && (await isAlive(files, other))) throw locked(directory, other)
    await files.rm(path, { force: true })
  }
  throw locked(directory, undefined)
}

/** The lock appears with its content: one that is empty would be nobody's. */
async function tryLock(files: SpoolFs, path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${owner.token}`
  await files.writeFile(draft, JSON.stringify(owner))
  try {
    await files.link(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await files.rm(draft, { force: true })
  }
  // Another may have found the old lock at the same time, and have removed this one for it.
  return ownerOf(await readIfThere(files, path))?.token === owner.token
}

async function unlock(files: SpoolFs, path: string, owner: Owner): Promise<void> {
  if (ownerOf(await readIfThere(files, path))?.token === owner.token) await files.rm(path, { force: true })
}

function ownerOf(content: Buffer | undefined): Owner | undefined {
  if (content === undefined) return undefined
  try {
    const owner: unknown = JSON.parse(content.toString())
    return isRecord(owner) && Number.isSafeInteger(owner.pid) ? (owner as unknown as Owner) : undefined
  } catch {
    return undefined
  }
}

/** Of processes of other hosts nothing is known. */
async function isAlive(files: SpoolFs, { host, pid, began }: Owner): Promise<boolean> {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  const now = await beganAt(files, String(pid))
  return began === '' || now === '' || began === now
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

function locked(directory: string, owner: Owner | undefined): RocketMQError {
  const by = owner === undefined ? 'others' : `process ${owner.pid} of host ${owner.host}`
  const cure = 'give each producer a folder of its own, or remove the file lock there if that process is gone'
  return new RocketMQError('OUTBOX_LOCKED', `the outbox folder ${directory} is in use by ${by}: ${cure}`)
}
