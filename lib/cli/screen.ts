import type { WriteStream } from 'node:tty'

const CLEAR_LINE = '\r\u001b[2K'

interface ScreenOptions {
  /** Standard output or standard error. */
  readonly stream: WriteStream
  /** Nobody reads the stream any more. */
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

  constructor(options: ScreenOptions) {
    this.#options = options
    options.stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      options.onClosed?.()
    })
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
    this.#waiting = []
    this.#write(this.#shown ? `${CLEAR_LINE}${text}` : text)
    this.#shown = false
    if (this.#options.stream.isTTY) this.#draw()
  }

  /** Resolves when there is room for more; undefined where there is room already. */
  room(): Promise<void> | undefined {
    return this.#room
  }

  #draw(): void {
    const { stream } = this.#options
    if (this.#status === '' && !this.#shown) return
    this.#write(`${CLEAR_LINE}${this.#status.slice(0, stream.columns - 1)}`)
    this.#shown = this.#status !== ''
  }

  #write(text: string): void {
    const { stream } = this.#options
    if (stream.destroyed || stream.write(text) || this.#room !== undefined) return
    this.#room = new Promise(resolve => {
      const opened = (): void => {
        stream.off('drain', opened).off('close', opened)
        this.#room = undefined
        resolve()
      }
      stream.on('drain', opened).on('close', opened)
    })
  }
}
