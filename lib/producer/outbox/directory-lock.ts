import { join } from 'node:path'
import { RocketMQError } from '../../errors'
import type { Clock, Timer } from '../../runtime/clock'
import { codeOf } from '../../runtime/system-error'
import { type LockOwner, isAlive, ownerOf, thisOwner } from './lock-owner'
import { type SpoolFs, readIfThere } from './spool-files'

export interface LockTools {
  readonly files: SpoolFs
  readonly clock: Clock
  /** Hears OUTBOX_LOCKED where another has taken the folder, OUTBOX_FAILED where the lock could not be renewed. */
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** How long to wait for a folder whose owner may be gone. */
export interface LockPatience {
  /** Default: as long as it takes to tell, which is `STALE_MS`. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The owner renews the lock so often, ms. */
const RENEW_MS = 2000
/** An owner that cannot be asked, as it is on another host, and has not renewed the lock for so long is gone, ms. */
export const STALE_MS = 10_000
/** Between two looks at the lock of such an owner, ms. */
const LOOK_MS = 500
const TRIES = 5

interface FoundLock {
  readonly content: Buffer
  readonly owner: LockOwner | undefined
  readonly renewedAt: number
}

type LockState = 'IN_USE' | 'LEFT' | 'CHANGED'

/** This process as the only owner of a folder. Owners of other hosts see by the time of the lock's file that it is there. */
export class DirectoryLock {
  readonly #directory: string
  readonly #path: string
  readonly #owner: LockOwner
  readonly #tools: LockTools
  #timer: Timer | undefined
  /** Monotonic, ms. */
  #renewedAt = 0
  #renewing: Promise<void> | undefined
  #lost: RocketMQError | undefined
  #isFailing = false
  #isReleased = false

  private constructor(directory: string, owner: LockOwner, tools: LockTools) {
    this.#directory = directory
    this.#path = join(directory, 'lock')
    this.#owner = owner
    this.#tools = tools
  }

  /**
   * Takes the folder. The lock of a process that is gone is taken over.
   * @throws RocketMQError OUTBOX_LOCKED, ABORTED; and what the file system throws
   */
  static async take(directory: string, tools: LockTools, patience: LockPatience = {}): Promise<DirectoryLock> {
    const lock = new DirectoryLock(directory, await thisOwner(tools.files), tools)
    for (let tries = 0; tries < TRIES; tries++) {
      if (await lock.#tryOnce(patience)) {
        lock.#renewed()
        lock.#later()
        return lock
      }
    }
    throw locked(directory, undefined)
  }

  /** Another has the folder now. */
  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /**
   * To be awaited before anything is done in the folder: a process that was stopped for long may have lost it.
   * @throws RocketMQError OUTBOX_LOCKED
   */
  async check(): Promise<void> {
    if (this.#tools.clock.monotonic() - this.#renewedAt >= STALE_MS) await this.#renew()
    if (this.#lost !== undefined) throw this.#lost
  }

  /** Gives the folder back. */
  async release(): Promise<void> {
    this.#isReleased = true
    this.#timer?.cancel()
    await this.#renewing
    const { files } = this.#tools
    const found = await readIfThere(files, this.#path)
    if (found !== undefined && this.#isOwn(found)) await files.rm(this.#path, { force: true })
  }

  async #tryOnce(patience: LockPatience): Promise<boolean> {
    if (await this.#link()) return true
    const found = await this.#look()
    if (found === undefined) return false
    if (this.#isOwn(found.content)) return true
    const state = await this.#stateOf(found, patience)
    if (state === 'IN_USE') throw locked(this.#directory, found.owner)
    if (state === 'LEFT') await this.#takeAway(found.content)
    return false
  }

  /** The lock appears with its content: one that is empty would be nobody's. */
  async #link(): Promise<boolean> {
    const { files } = this.#tools
    const draft = `${this.#path}.${this.#owner.token}`
    await files.writeFile(draft, JSON.stringify(this.#owner))
    try {
      await files.link(draft, this.#path)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    } finally {
      await files.rm(draft, { force: true })
    }
  }

  async #look(): Promise<FoundLock | undefined> {
    const { files } = this.#tools
    const content = await readIfThere(files, this.#path)
    if (content === undefined) return undefined
    try {
      const { mtimeMs: renewedAt } = await files.stat(this.#path)
      return { content, owner: ownerOf(content), renewedAt }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async #stateOf(found: FoundLock, { timeoutMs = STALE_MS, signal }: LockPatience): Promise<LockState> {
    const { files, clock } = this.#tools
    if (found.owner === undefined) return 'LEFT'
    const alive = await isAlive(files, found.owner)
    if (alive !== undefined) return alive ? 'IN_USE' : 'LEFT'
    const waitMs = Math.min(STALE_MS, STALE_MS - ((await this.#timeOfFiles()) - found.renewedAt))
    const now = clock.monotonic()
    const [staleAt, endsAt] = [now + waitMs, now + timeoutMs]
    while (clock.monotonic() < staleAt) {
      if (clock.monotonic() >= endsAt) return 'IN_USE'
      await clock.sleep(Math.min(LOOK_MS, staleAt - clock.monotonic()), signal)
      const next = await this.#look()
      if (next === undefined || !next.content.equals(found.content)) return 'CHANGED'
      if (next.renewedAt !== found.renewedAt) return 'IN_USE'
    }
    return 'LEFT'
  }

  /** Clocks of hosts differ: what counts is the one that stamps the files. */
  async #timeOfFiles(): Promise<number> {
    const { files } = this.#tools
    const probe = `${this.#path}.${this.#owner.token}`
    await files.writeFile(probe, '')
    const { mtimeMs } = await files.stat(probe)
    await files.rm(probe, { force: true })
    return mtimeMs
  }

  /** Removes the lock that was found to be nobody's, and no other that came in its place meanwhile. */
  async #takeAway(content: Buffer): Promise<void> {
    const { files } = this.#tools
    const away = `${this.#path}.${this.#owner.token}.old`
    try {
      await files.rename(this.#path, away)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw error
    }
    const taken = await readIfThere(files, away)
    if (taken?.equals(content) === false) await files.link(away, this.#path).catch(() => undefined)
    await files.rm(away, { force: true })
  }

  #isOwn(content: Buffer): boolean {
    return ownerOf(content)?.token === this.#owner.token
  }

  #renewed(): void {
    const { clock } = this.#tools
    this.#isFailing = false
    this.#renewedAt = clock.monotonic()
  }

  #later(): void {
    const { clock } = this.#tools
    if (this.#isReleased || this.#lost !== undefined) return
    this.#timer?.cancel()
    this.#timer = clock.after(RENEW_MS, () => void this.#renew(), { background: true })
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = undefined
      this.#later()
    })
    return this.#renewing
  }

  async #renewOnce(): Promise<void> {
    if (this.#lost !== undefined) return
    const { onBackgroundError } = this.#tools
    try {
      if (await this.#touch()) {
        this.#renewed()
        return
      }
      this.#lost = locked(this.#directory, (await this.#look())?.owner)
      onBackgroundError(this.#lost)
    } catch (cause) {
      const says = `the lock of the outbox folder ${this.#directory} could not be renewed: look at the disk, its room and its permissions`
      if (!this.#isFailing) onBackgroundError(new RocketMQError('OUTBOX_FAILED', says, { cause }))
      this.#isFailing = true
    }
  }

  /** Writes what is there once more, which has the file system stamp it; false where it is another's lock. */
  async #touch(): Promise<boolean> {
    const { files } = this.#tools
    const handle = await files.open(this.#path, 'r+').catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
    if (handle === undefined) return this.#link()
    try {
      const content = await handle.readFile()
      if (!this.#isOwn(content)) return false
      await handle.write(content, 0, content.length, 0)
      return true
    } finally {
      await handle.close()
    }
  }
}

function locked(directory: string, owner: LockOwner | undefined): RocketMQError {
  const by = owner === undefined ? 'others' : `process ${owner.pid} of host ${owner.host}`
  const cure = 'give each producer a folder of its own, or remove the file lock there if that process is gone'
  return new RocketMQError('OUTBOX_LOCKED', `the outbox folder ${directory} is in use by ${by}: ${cure}`)
}
