import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Pool, createPool } from 'generic-pool'
import { Log } from '../runtime/log'
import { BODY_THREADS } from './body-threads'
import { type CodecJob, runCodecJob } from './codec-job'
import { CodecThread, CodecThreadError } from './codec-thread'

/**
 * Jobs beyond it are done at once, on the event loop: that slows those down who ask for ever more. Those of ZSTD wait: only
 * a thread can be ended, and how much work they are shows when they are done.
 */
const MAX_WAITING = 1000

/** Does codec jobs in worker threads, which it starts when there is work and ends when it is told to. */
export class CodecPool {
  readonly #script: string
  readonly #maxThreads: number
  readonly #log = new Log('codec')
  #threads: Pool<CodecThread> | undefined
  /** Where no thread can run, as in a bundle that lacks its script, jobs are done here. */
  #isUsable: boolean

  /** @param script the compiled `codec-worker` */
  constructor(script: string = join(__dirname, 'codec-worker.js'), maxThreads: number = BODY_THREADS.own) {
    this.#script = script
    this.#maxThreads = maxThreads
    this.#isUsable = existsSync(script)
  }

  /** @throws RocketMQError MESSAGE_UNREADABLE, UNSUPPORTED_BY_RUNTIME */
  async run(job: CodecJob): Promise<Buffer> {
    if (!this.#isUsable) return runCodecJob(job)
    const threads = (this.#threads ??= this.#open())
    if (threads.pending >= MAX_WAITING && job.kind !== 'ZSTD_INFLATE') return runCodecJob(job)
    const thread = await threads.acquire()
    try {
      return await thread.run(job)
    } catch (error) {
      if (!(error instanceof CodecThreadError)) throw error
      this.#giveUp(error)
      return runCodecJob(job)
    } finally {
      await (thread.hasEnded ? threads.destroy(thread) : threads.release(thread))
    }
  }

  /** Ends all threads when their jobs are done; the next job starts new ones. */
  async end(): Promise<void> {
    const threads = this.#threads
    this.#threads = undefined
    if (threads === undefined) return
    await threads.drain()
    await threads.clear()
  }

  #open(): Pool<CodecThread> {
    // Never rejects: generic-pool would try again for ever.
    const create = (): Promise<CodecThread> => Promise.resolve(new CodecThread(this.#script))
    return createPool({ create, destroy: thread => thread.end() }, { max: this.#maxThreads })
  }

  #giveUp(error: CodecThreadError): void {
    if (!this.#isUsable) return
    this.#isUsable = false
    this.#log.warn('codec threads do not run here; large LZ4 and ZSTD bodies take the time of the event loop', {
      error,
    })
  }
}

/** The threads of this process, shared by all its clients. */
export const codecPool = new CodecPool()
