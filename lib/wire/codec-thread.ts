import { Worker } from 'node:worker_threads'
import { asError } from '../errors'
import { type CodecAnswer, type CodecJob, bodyOfAnswer } from './codec-job'

interface Waiting {
  readonly resolve: (body: Buffer) => void
  readonly reject: (error: Error) => void
}

/** The thread itself has failed, whatever the job: the job may be done elsewhere. */
export class CodecThreadError extends Error {}

/** One worker thread that does codec jobs, one at a time. It keeps no process alive but while it has one. */
export class CodecThread {
  #worker: Worker | undefined
  #failure: CodecThreadError | undefined
  #waiting: Waiting | undefined

  /** Never throws: a thread that cannot be started fails its jobs. @param script the compiled `codec-worker` */
  constructor(script: string) {
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

  /** @throws RocketMQError what the job fails with; CodecThreadError where the thread fails */
  run({ kind, body, maxBytes }: CodecJob): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker
      if (this.#failure !== undefined || worker === undefined) {
        reject(this.#failure ?? new CodecThreadError('a codec thread could not be started'))
        return
      }
      this.#waiting = { resolve, reject }
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

  #fail(cause: unknown): void {
    this.#failure ??= new CodecThreadError('a codec thread failed', { cause })
    this.#finish()?.reject(this.#failure)
  }

  #finish(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#worker?.unref()
    return waiting
  }
}
