import { copyFile, mkdir, open, readFile, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { queueOffsetTable } from '../../commands/callback'
import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { ignoreMissing } from '../../runtime/system-error'
import type { OffsetStore } from './offset-store'
import { OffsetTable } from './offset-table'

/** Where the file lies: its path is made of these. */
export interface LocalFileOffsetStoreOptions {
  /** Id of the client, part of the path: the same at every start. */
  readonly clientId: string
  /** Name of the group, part of the path. */
  readonly consumerGroup: string
  /** Folder of all clients' offsets; default `.rocketmq_offsets` in the home folder, as in Java. */
  readonly directory?: string | undefined
}

/**
 * Offsets in a file of this host: broadcasting. Java's place and form, `<directory>/<clientId>/<group>/offsets.json`; a new
 * file replaces the old one at once, which stays as `.bak`. The client id is in the path, so it must be the same at every start.
 */
export class LocalFileOffsetStore implements OffsetStore {
  /** The file. */
  readonly path: string
  readonly #group: string
  readonly #table = new OffsetTable()
  /** The file was read or written here: one that is damaged must not take the place of the one before it. */
  #isGood = false
  /** One write at a time. */
  #writing: Promise<void> = Promise.resolve()

  constructor({ clientId, consumerGroup, directory }: LocalFileOffsetStoreOptions) {
    this.#group = consumerGroup
    // IPv6 ids hold colons, which are not allowed in file names everywhere.
    const folder = clientId.replaceAll(':', '_')
    this.path = join(directory ?? join(homedir(), '.rocketmq_offsets'), folder, consumerGroup, 'offsets.json')
  }

  /** Reads the file, or, as in Java, the one before it where there is none, or none that can be read. */
  async load(): Promise<void> {
    const failures: unknown[] = []
    for (const path of [this.path, `${this.path}.bak`]) {
      try {
        if (await this.#loadFrom(path)) {
          this.#isGood = path === this.path
          return
        }
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length === 0) return
    const says = `the offset file ${this.path} cannot be read: repair it, or remove it to start without offsets`
    throw new RocketMQError('OFFSET_STORE_FAILED', says, { group: this.#group, cause: failures[0] })
  }

  /** As the file had it at `load`, or newer. */
  read(queue: MessageQueue): Promise<number | undefined> {
    return Promise.resolve(this.#table.get(queue))
  }

  /** The newest offset in memory. */
  current(queue: MessageQueue): number | undefined {
    return this.#table.get(queue)
  }

  /** Notes an offset in memory; with `increaseOnly` a lower one is ignored. */
  update(queue: MessageQueue, offset: number, options: { increaseOnly: boolean }): void {
    this.#table.update(queue, offset, options)
  }

  /** Sets an offset that later updates do not undo, until the queue is removed. */
  freeze(queue: MessageQueue, offset: number): void {
    this.#table.freeze(queue, offset)
  }

  /** Writes the file anew where something has changed. @throws RocketMQError OFFSET_STORE_FAILED */
  async persist(queues: readonly MessageQueue[]): Promise<void> {
    const dirty = this.#table.takeDirty(queues)
    if (dirty.length === 0) return
    const written = this.#writing.then(() => this.#write())
    // The next one writes all the same.
    this.#writing = written.catch(() => undefined)
    try {
      await written
    } catch (cause) {
      for (const { queue } of dirty) this.#table.markDirty(queue)
      const says = `the offset file ${this.path} cannot be written`
      throw new RocketMQError('OFFSET_STORE_FAILED', says, { group: this.#group, cause })
    }
  }

  /** The file keeps the offsets of queues that are not consumed at present: broadcasting has no other owner of them. */
  remove(queue: MessageQueue): void {
    this.#table.unfreeze(queue)
  }

  /** False where there is nothing to read. */
  async #loadFrom(path: string): Promise<boolean> {
    const text = await readFile(path).catch(ignoreMissing)
    if (text === undefined || text.length === 0) return false
    for (const [queue, offset] of queueOffsetTable.decode(text).offsetTable) {
      this.#table.update(queue, offset, { increaseOnly: false })
    }
    return true
  }

  async #write(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true })
    const fresh = `${this.path}.tmp`
    const file = await open(fresh, 'w')
    try {
      await file.writeFile(queueOffsetTable.encode({ offsetTable: this.#table.entries() }))
      await file.sync()
    } finally {
      await file.close()
    }
    if (this.#isGood) await this.#keepOld()
    await rename(fresh, this.path)
    this.#isGood = true
  }

  /** Copied and not moved, so that there is a file at every moment. */
  async #keepOld(): Promise<void> {
    const copy = `${this.path}.bak.tmp`
    await copyFile(this.path, copy).then(() => rename(copy, `${this.path}.bak`), ignoreMissing)
  }
}
