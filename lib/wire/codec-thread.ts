import { Worker } from 'node:worker_threads'
import { asError } from '../errors'
import { type Clock, type Timer, systemClock } from '../runtime/clock'
import { type CodecAnswer, type CodecJob, bodyOfAnswer } from './codec-job'
import { unreadable } from './unreadable'

interface Waiting {
  readonly resolve: (body: Buffer) => void
  readonly reject: (error: Error) => void
  timer: Timer | undefined
}

/** No honest body takes nearly as long; one of ZSTD that was made to keep a decoder busy may take hours. */
const MAX_ZSTD_MS = 9_000
/** Where this thread was blocked meanwhile the answer may wait to be read. */
const GRACE_MS = 1_000

/** The thread itself has failed, whatever the job: the job may be done elsewhere. */
export class CodecThreadError extends Error {}

/** One worker thread that does codec jobs, one at a time. It keeps no process alive but while it has one. */
export class CodecThread {
  #worker: Worker | undefined
  #failure: CodecThreadError | undefined
  #waiting: Waiting | undefined
  readonly #clock: Clock

  /** Never throws: a thread that cannot be started fails its jobs. @param script the compiled `codec-worker` */
  constructor(script: string, clock: Clock = systemClock) {
    this.#clock = clock
    try {
      // What the process was started with, such as loaders and inspectors, is not for this thread.
      this.#worker = new Worker(script, { execArgv: [] })
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#worker.on('message', (answer: CodecAnswer) => this.#answered(answer))
    this.#worker.on('error', error => this.#fail(error))
    this.#worker.on('exit', code => this.#fail(new Error(`it ended with exit code ${code}`)))
    this.#worker.unref()
  }

  /** Whether it does no job any more. */
  get hasEnded(): boolean {
    return this.#failure !== undefined
  }

  /** @throws RocketMQError what the job fails with, or that it takes too long; CodecThreadError where the thread fails */
  run({ kind, body, maxBytes }: CodecJob): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker
      if (this.#failure !== undefined || worker === undefined) {
        reject(this.#failure ?? new CodecThreadError('a codec thread could not be started'))
        return
      }
      const waiting: Waiting = { resolve, reject, timer: undefined }
      this.#waiting = waiting
      if (kind === 'ZSTD_INFLATE') this.#watch(waiting)
      worker.ref()
      // A copy, handed over: a view would be sent with all the memory that it looks into.
      const copy = new Uint8Array(body)
      worker.postMessage({ kind, body: copy, maxBytes } satisfies CodecJob, [copy.buffer])
    })
  }

  /** Ends the thread, and with it the job that it has. */
  async end(): Promise<void> {
    await this.#worker?.terminate()
  }

  #answered(answer: CodecAnswer): void {
    const waiting = this.#finish()
    try {
      waiting?.resolve(bodyOfAnswer(answer))
    } catch (error) {
      waiting?.reject(asError(error))
    }
  }

  #watch(waiting: Waiting): void {
    waiting.timer = this.#clock.after(MAX_ZSTD_MS, () => {
      waiting.timer = this.#clock.after(GRACE_MS, () => this.#giveUp())
    })
  }

  /** Only its end ends what it is at. */
  #giveUp(): void {
    this.#failure ??= new CodecThreadError('a codec thread was ended as a job took too long')
    this.#finish()?.reject(unreadable(`a body marked as ZSTD was not inflated within ${MAX_ZSTD_MS + GRACE_MS} ms`))
    void this.end()
  }

  #fail(cause: unknown): void {
    this.#failure ??= new CodecThreadError('a codec thread failed', { cause })
    this.#finish()?.reject(this.#failure)
  }

  #finish(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.timer?.cancel()
    this.#worker?.unref()
    return waiting
  }
}
