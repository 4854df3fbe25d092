import { createRequire } from 'node:module'
import { join } from 'node:path'
import { BODY_BYTES } from '../../scenarios'

/** As much of ali-ons as is used here; it comes without types. */
export interface AliOns {
  readonly Message: new (topic: string, tags: string, body: Buffer) => AliOnsMessage
  readonly Producer: new (options: ClientOptions & { producerGroup: string }) => AliOnsProducer
  readonly Consumer: new (options: ClientOptions & ConsumerOptions) => AliOnsConsumer
}

export interface AliOnsMessage {
  /** A list is set, text is read. */
  keys: string[] | string
  readonly reconsumeTimes: number
  readonly queueId: number
}

interface ClientOptions {
  /** Name servers, which are asked for addresses where `nameSrv` is not given. */
  readonly httpclient: object
  readonly nameSrv: readonly string[]
  readonly logger: Record<'debug' | 'info' | 'warn' | 'error', (...told: unknown[]) => void>
}

export interface ConsumerOptions {
  readonly consumerGroup: string
  readonly consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_LAST_OFFSET'
  readonly pullBatchSize?: number
  readonly parallelConsumeLimit?: number
  readonly pullThresholdForQueue?: number
}

interface AliOnsClient {
  ready(): Promise<void>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): void
  removeAllListeners(event: 'error'): void
}

export interface AliOnsProducer extends AliOnsClient {
  send(message: AliOnsMessage): Promise<{ readonly sendStatus: string }>
}

export interface AliOnsConsumer extends AliOnsClient {
  /** The listener must be an async function. */
  subscribe(topic: string, expression: string, listener: (message: AliOnsMessage) => Promise<void>): void
}

/** ali-ons as npm installed it in a folder. */
export function loadAliOns(folder: string): AliOns {
  return createRequire(join(folder, 'package.json'))('ali-ons') as AliOns
}

/** What a client is told of the servers. It warns of what is usual, such as that it learned of a topic. */
export function clientOptions(namesrvAddr: string): ClientOptions {
  const silent = (): void => undefined
  const logger = { debug: silent, info: silent, warn: silent, error: console.log }
  return { httpclient: {}, nameSrv: namesrvAddr.split(';'), logger }
}

/** Tells of what goes wrong, but for what a new group always lacks: offsets, and a topic for what is sent again. */
export function tellErrors(client: AliOnsClient): void {
  client.on('error', ({ message }) => {
    if (!/readOffset failed.*Not found|topic: %RETRY%/.test(message)) console.log(message)
  })
}

/** Ends a client; what fails because of that is not told. */
export async function close(client: AliOnsClient): Promise<void> {
  client.removeAllListeners('error')
  client.on('error', () => undefined)
  await client.close()
}

const BODY = Buffer.alloc(BODY_BYTES, 'rocketwire')

/** The message that every driver sends. */
export function sampleMessage(
  { Message }: AliOns,
  topic: string,
  { tag = 'bench', key = 'order-42' } = {},
): AliOnsMessage {
  const message = new Message(topic, tag, BODY)
  message.keys = [key]
  return message
}
