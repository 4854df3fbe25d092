import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Changes } from '../../support/until'
import type { RocketMQVersion } from './artifacts'
import { killWithParent } from './child-reaper'
import { javaClassPath } from './java-classes'
import { javaArguments, jdkTool, SHORT_LIVED } from './java-command'
import { type JavaLine, JavaReader, type JavaReaderOptions } from './java-reader'
import { makeRunFolder, removeRunFolder } from './run-folder'
import { makeServerFolder } from './server-files'

export type JavaSendMode = 'sync' | 'async' | 'oneway' | 'batch' | 'ordered' | 'delayed' | 'lz4' | 'zstd'

/** Java's `SendResult`. */
export interface JavaSendResult {
  readonly sendStatus: string
  readonly msgId: string
  readonly offsetMsgId: string
  readonly brokerName: string
  readonly queueId: number
  readonly queueOffset: number
}

/** A command that runs: gets its lines, the last of which is "done" or "failed". */
type Listener = (line: JavaLine) => void

const READY_WITHIN_MS = 60_000
const OUTPUT_KEPT = 8192

/**
 * A Java process with the RocketMQ client and admin tool of a version, which does as `test/contract/java/Peer.java` says.
 * As a JVM takes seconds to start, one serves many tests.
 */
export class JavaPeer {
  readonly version: RocketMQVersion
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #listeners = new Map<string, Listener>()
  readonly #changes = new Changes()
  readonly #ended: Promise<void>
  #isReady = false
  #problem: string | undefined
  #output = ''
  #commands = 0

  private constructor(version: RocketMQVersion, classPath: readonly string[], folder: string) {
    this.version = version
    this.#folder = folder
    const command = javaArguments({ classPath, mainClass: 'Peer', args: [], memory: SHORT_LIVED, folder })
    this.#child = spawn(jdkTool('java'), command, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
    killWithParent(this.#child)
    this.#child.stdin?.on('error', () => undefined)
    this.#readLines(this.#child.stdout as Readable)
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#keep(chunk.toString()))
    this.#ended = new Promise(resolve => {
      const end = (problem: string): void => {
        this.#fail(problem)
        resolve()
      }
      this.#child.once('error', error => end(`could not be started: ${error.message}`))
      this.#child.once('close', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`))
    })
  }

  /** Resolves once it takes commands. */
  static async start(version: RocketMQVersion): Promise<JavaPeer> {
    const classPath = await javaClassPath(version)
    const peer = new JavaPeer(version, classPath, await makeServerFolder(await makeRunFolder('java-peer')))
    try {
      await peer.#until(() => peer.#isReady, `a Java client of ${version} that is ready`, READY_WITHIN_MS)
      return peer
    } catch (error) {
      await peer.close()
      throw error
    }
  }

  /** Sends `count` messages and resolves with the answers of the broker: one of a batch, none of oneway messages. */
  async send(namesrvAddr: string, topic: string, count: number, mode: JavaSendMode): Promise<JavaSendResult[]> {
    const lines = await this.#run('send', [namesrvAddr, topic, String(count), mode])
    return lines.map(line => line as unknown as JavaSendResult)
  }

  /** Sends a request and resolves with the text of the reply. */
  async request(namesrvAddr: string, topic: string, text: string): Promise<string> {
    const [line] = await this.#run('request', [namesrvAddr, topic, text])
    return String(line?.text)
  }

  /** Starts a push consumer; resolves once the Java client says that it is started. */
  async reader(namesrvAddr: string, topic: string, options: JavaReaderOptions): Promise<JavaReader> {
    const { group, expression = '*', mode = 'concurrent', strategy = 'AVG' } = options
    const stop = (): void => this.#write([reader.id, 'stop'])
    const reader = new JavaReader(String(++this.#commands), options.changes ?? new Changes(), stop)
    this.#listeners.set(reader.id, line => {
      reader.take(line)
      this.#changes.notify()
    })
    this.#write([reader.id, 'consume', namesrvAddr, topic, group, expression, mode, strategy])
    await this.#until(() => reader.clientId !== '' || reader.ended, `a Java consumer of ${topic}`)
    reader.throwIfFailed()
    return reader
  }

  /** Calls the admin tool and resolves with what it printed, errors included. */
  async admin(args: readonly string[]): Promise<string> {
    const [line] = await this.#run('admin', args)
    return String(line?.text)
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#child.stdin?.end()
    this.#child.kill('SIGKILL')
    await this.#ended
    await removeRunFolder(this.#folder)
  }

  /** Runs a command to its end and resolves with the lines before. */
  async #run(verb: string, args: readonly string[]): Promise<JavaLine[]> {
    const id = String(++this.#commands)
    const lines: JavaLine[] = []
    this.#listeners.set(id, line => lines.push(line))
    this.#write([id, verb, ...args])
    const isOver = (): boolean => ['done', 'failed'].includes(lines.at(-1)?.event ?? '')
    await this.#until(isOver, `the end of '${verb} ${args.join(' ')}' in Java`)
    const last = lines.pop()
    if (last?.event === 'failed') throw new Error(`Java: ${verb} ${args.join(' ')}: ${String(last.error)}`)
    return lines
  }

  #write(words: readonly string[]): void {
    this.#child.stdin?.write(`${words.join('\t')}\n`)
  }

  /** As `Changes.until`, and rejects at once when the process has ended. */
  async #until(condition: () => boolean, what: string, withinMs = READY_WITHIN_MS): Promise<void> {
    const check = (): boolean => {
      if (condition()) return true
      if (this.#problem !== undefined) throw new Error(this.#problem)
      return false
    }
    await this.#changes.until(check, { what: () => `${what}; Java said:\n${this.#output}`, withinMs })
  }

  #readLines(stdout: Readable): void {
    createInterface({ input: stdout }).on('line', text => {
      if (!text.startsWith('{')) return this.#keep(`${text}\n`)
      const line = JSON.parse(text) as JavaLine
      if (line.event === 'ready') this.#isReady = true
      this.#listeners.get(line.id)?.(line)
      this.#changes.notify()
    })
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT)
  }

  #fail(problem: string): void {
    this.#problem = `the Java process ${problem}; it said:\n${this.#output}`
    this.#changes.notify()
  }
}
