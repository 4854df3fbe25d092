import type { WriteStream } from 'node:tty'

const CLEAR_LINE = '\r\u001b[2K'

interface ScreenOptions {
  /** Standard output or standard error. */
  readonly stream: WriteStream
  /** Nothing can be written any more, be it that nobody reads or that the disk is full. */
  readonly onClosed?: () => void
  /** Where the stream is no terminal: print states as lines; default is not at all. */
  readonly plainStatus?: boolean
}

/** Prints lines, and below them, on a terminal, one line of status that is rewritten in place. */
export class Screen {
  readonly #options: ScreenOptions
  #waiting: string[] = []
  #status = ''
  #shown = false
  #room: Promise<void> | undefined
  #openRoom = (): void => undefined
  /** Standard output is never destroyed: it fails anew with every write. */
  #isClosed = false
  #written: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  constructor(options: ScreenOptions) {
    this.#options = options
    options.stream.on('error', () => this.#close())
  }

  /** Prints a line. Lines of one turn of the event loop leave together. */
  line(text = ''): void {
    if (this.#waiting.length === 0) setImmediate(() => this.flush())
    this.#waiting.push(text)
  }

  /** Shows how far the work is; an empty text takes it away. */
  status(text: string): void {
    const { stream, plainStatus = false } = this.#options
    if (text === this.#status) return
    this.#status = text
    if (!stream.isTTY) {
      if (plainStatus && text !== '') this.line(text)
      return
    }
    this.flush()
    this.#draw()
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return
    const text = `${this.#waiting.join('\n')}\n`
    const written = this.#written
    this.#waiting = []
    this.#written = undefined
    this.#write(this.#shown ? `${CLEAR_LINE}${text}` : text, written?.resolve)
    this.#shown = false
    if (this.#options.stream.isTTY) this.#draw()
  }

  /** Resolves when there is room for more; undefined where there is room already. */
  room(): Promise<void> | undefined {
    return this.#room
  }

  /** Resolves when the lines so far are written; never where they cannot be. */
  written(): Promise<void> {
    if (this.#waiting.length === 0) return this.#isClosed ? new Promise(() => undefined) : Promise.resolve()
    if (this.#written === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>(done => (resolve = done))
      this.#written = { promise, resolve }
    }
    return this.#written.promise
  }

  /** Resolves when all lines so far are written, or cannot be. */
  async settled(): Promise<void> {
    this.flush()
    // Writes are called back in their order, failed ones too.
    await new Promise<void>(resolve => this.#options.stream.write('', () => resolve()))
  }

  #close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#openRoom()
    this.#options.onClosed?.()
  }

  #draw(): void {
    const { stream } = this.#options
    if (this.#status === '' && !this.#shown) return
    this.#write(`${CLEAR_LINE}${this.#status.slice(0, stream.columns - 1)}`)
    this.#shown = this.#status !== ''
  }

  #write(text: string, written?: () => void): void {
    const { stream } = this.#options
    if (this.#isClosed) return
    const isTaken = stream.write(text, error => {
      if (error === null || error === undefined) written?.()
    })
    if (isTaken || this.#room !== undefined) return
    this.#room = new Promise(resolve => {
      const opened = (): void => {
        stream.off('drain', opened).off('close', opened)
        this.#room = undefined
        resolve()
      }
      stream.on('drain', opened).on('close', opened)
      this.#openRoom = opened
    })
  }
}
