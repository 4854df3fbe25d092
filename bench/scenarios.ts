import type { ServerConf } from '../test/contract/real/server-files'

/** What a driver does in a round; each has a file of this name in `drivers/ours/`. */
export type Workload =
  | 'send'
  | 'oneway'
  | 'batch'
  | 'auto-batch'
  | 'consume'
  | 'orderly'
  | 'key-ordered'
  | 'lite-pull'
  | 'pop'
  | 'end-to-end'
  | 'transaction'
  | 'request-reply'

/** Programs that are measured: this client, the program that does no more than the socket work, and other clients. */
export const DRIVERS = ['ours', 'ceiling', 'ali-ons', 'java', 'go'] as const
export type DriverName = (typeof DRIVERS)[number]

/** What a scenario measures. */
export interface Scenario {
  readonly title: string
  readonly workload: Workload
  /** Those that can do it; the others are left out. */
  readonly drivers: readonly DriverName[]
  /** Messages of a round. */
  readonly messages: number
  /** Whether the drivers read messages that were stored before. */
  readonly reads?: true
  /** Requests under way at a time. */
  readonly inFlight?: number
  /** Messages of a batch that is sent. */
  readonly batch?: number
  /** Messages that a pull asks for, and that a listener is called with. */
  readonly pullBatch?: number
  readonly listenerBatch?: number
  /** Messages per second, where the pace is given and the delay is measured. */
  readonly pace?: number
  /** Settings of a real broker, where it needs others than its own. */
  readonly brokerConf?: ServerConf
  /** Whether what a round stored is counted against what was answered. */
  readonly isCounted?: true
}

export const QUEUES = 8
export const BODY_BYTES = 1024
/** What every client pulls by default. */
export const PULL_BATCH = 32

const ALL = DRIVERS
const JAVA_AND_GO = ['ours', 'java', 'go'] as const

export const SCENARIOS = {
  send: sending('send, 256 in flight', { inFlight: 256, drivers: ALL, messages: 100_000 }),
  'send-64': sending('send, 64 in flight', { inFlight: 64, drivers: ALL, messages: 100_000 }),
  sync: sending('send, each awaited before the next', { inFlight: 1, drivers: ALL, messages: 10_000 }),
  oneway: {
    title: 'oneway send, counted by what arrived',
    workload: 'oneway',
    drivers: JAVA_AND_GO,
    messages: 50_000,
    isCounted: true,
  },
  batch: {
    title: 'batch of 32, each awaited before the next',
    workload: 'batch',
    drivers: ['ours', 'ceiling', 'java', 'go'],
    messages: 96_000,
    batch: 32,
    inFlight: 1,
    isCounted: true,
  },
  'auto-batch': {
    title: 'send with autoBatch, 256 in flight',
    workload: 'auto-batch',
    drivers: ['ours', 'java'],
    messages: 100_000,
    inFlight: 256,
    isCounted: true,
  },
  consume: reading(`consume, pull batch ${PULL_BATCH}`, { workload: 'consume', drivers: ALL, messages: 200_000 }),
  'consume-256': {
    ...reading('consume, pull batch 256, listener batch 32', { workload: 'consume', drivers: ALL, messages: 200_000 }),
    pullBatch: 256,
    listenerBatch: 32,
    brokerConf: { maxTransferCountOnMessageInMemory: '1024', maxTransferBytesOnMessageInMemory: '4194304' },
  },
  orderly: reading('consume in order of the queue', { workload: 'orderly', drivers: JAVA_AND_GO, messages: 200_000 }),
  'key-ordered': reading('consume in order of the key', {
    workload: 'key-ordered',
    drivers: ['ours'],
    messages: 200_000,
  }),
  'lite-pull': reading('lite pull', { workload: 'lite-pull', drivers: JAVA_AND_GO, messages: 200_000 }),
  pop: reading('consume by POP', { workload: 'pop', drivers: ['ours', 'java'], messages: 100_000 }),
  e2e: {
    title: 'end to end, from send to listener, 500 messages/s',
    workload: 'end-to-end',
    drivers: ['ours', 'ali-ons', 'java', 'go'],
    messages: 5000,
    pace: 500,
  },
  transaction: {
    title: 'transactions, 64 in flight',
    workload: 'transaction',
    drivers: ['ours', 'java', 'go'],
    messages: 10_000,
    inFlight: 64,
  },
  'request-reply': {
    title: 'request and reply, 64 in flight',
    workload: 'request-reply',
    drivers: JAVA_AND_GO,
    messages: 10_000,
    inFlight: 64,
  },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS

function sending(title: string, of: Pick<Scenario, 'drivers' | 'messages' | 'inFlight'>): Scenario {
  return { title, workload: 'send', isCounted: true, ...of }
}

function reading(title: string, of: Pick<Scenario, 'workload' | 'drivers' | 'messages'>): Scenario {
  return { title, reads: true, pullBatch: PULL_BATCH, listenerBatch: 1, ...of }
}
