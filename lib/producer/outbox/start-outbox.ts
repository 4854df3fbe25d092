import * as files from 'node:fs/promises'
import type { ClientInstance } from '../../client/client-instance'
import { GET_BROKER_CLUSTER_INFO } from '../../commands/route'
import type { RocketMQError } from '../../errors'
import { Sender } from '../../sending/sender'
import type { ResolvedProducerOptions } from '../producer-options'
import type { ProduceTracer } from '../trace/produce-tracer'
import { TracedSender } from '../trace/traced-sender'
import type { LockPatience } from './directory-lock'
import { Outbox } from './outbox'
import { OutboxSender, type OutboxSenderOptions } from './outbox-sender'

/** The producer that has an outbox. */
interface OutboxOwner {
  readonly tracer: ProduceTracer | undefined
  readonly onBackgroundError: (error: RocketMQError) => void
  /** How long its start may take. */
  readonly patience?: LockPatience | undefined
}

type OutboxGauge = 'outboxMessages' | 'outboxBytes' | 'outboxRejected' | 'outboxAge'

export interface StartedOutbox {
  readonly outbox: Outbox
  /** Topics of messages that it has sent. */
  readonly topics: ReadonlySet<string>
  /** Puts it behind a sender. */
  sender(options: Pick<OutboxSenderOptions, 'sender' | 'router'>): OutboxSender
  /** What metrics tell of it. */
  gauges(): (readonly [name: OutboxGauge, value: number])[]
}

/**
 * Opens the outbox of a producer; it sends nothing yet. Undefined where the producer has none.
 * @throws RocketMQError OUTBOX_LOCKED, OUTBOX_FAILED, ABORTED
 */
export async function openOutbox(
  client: ClientInstance,
  settings: ResolvedProducerOptions,
  { tracer, onBackgroundError, patience }: OutboxOwner,
): Promise<StartedOutbox | undefined> {
  if (settings.outbox === undefined) return undefined
  const { clock } = client
  // One try each, so that every one that may be a second one is marked.
  const once = { retryTimesWhenSendFailed: 0, retryAnotherBrokerWhenNotStoreOK: false, latencyFault: undefined }
  const own = new Sender(client, settings.producerGroup, { ...settings, ...once })
  const traced = tracer === undefined ? own : new TracedSender(own, tracer)
  const send = traced.send.bind(traced)
  const outbox = await Outbox.open(
    settings.outbox,
    { files, clock, onBackgroundError, send, hasBrokers: () => hasBrokers(client) },
    patience,
  )
  return {
    outbox,
    topics: own.topics,
    sender: parts => new OutboxSender({ ...parts, outbox, clock }),
    gauges: () => gaugesOf(outbox),
  }
}

async function hasBrokers({ nameServers }: ClientInstance): Promise<boolean> {
  try {
    return (await nameServers.invoke(GET_BROKER_CLUSTER_INFO, {})).body.brokerAddrTable.size > 0
  } catch {
    return false
  }
}

function gaugesOf({ stats: { spooled, bytes, rejected, oldestAgeMs = 0 } }: Outbox): [OutboxGauge, number][] {
  return [
    ['outboxMessages', spooled],
    ['outboxBytes', bytes],
    ['outboxRejected', rejected],
    ['outboxAge', oldestAgeMs / 1000],
  ]
}
