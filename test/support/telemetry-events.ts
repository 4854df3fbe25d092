import type {
  DiagnosticsEvent,
  ProcessEvent,
  RequestEvent,
  SendEvent,
  SettleEvent,
} from '../../lib/client/telemetry/events'
import type { Message, MessageExt } from '../../lib/model/message'

const COMMON: DiagnosticsEvent = { group: 'g', clientId: 'id', namespace: '', brokerAddress: () => undefined }

export function sendEvent(message: Message | readonly Message[], rest: Partial<SendEvent> = {}): SendEvent {
  return { ...COMMON, operation: 'send', mode: 'SYNC', message, ...rest }
}

export function requestEvent(topic: string): RequestEvent {
  return { ...COMMON, operation: 'request', message: { topic, body: 'b' } }
}

export function processEvent(rest: Partial<ProcessEvent> = {}): ProcessEvent {
  const messageQueue = { topic: 'T', brokerName: 'b', queueId: 0 }
  const event = {
    operation: 'process',
    ordered: 'none',
    messageModel: 'CLUSTERING',
    messages: [],
    messageQueue,
  } as const
  return { ...COMMON, ...event, ...rest }
}

export function settleEvent(rest: Partial<SettleEvent>): SettleEvent {
  return { ...COMMON, operation: 'ack', messages: [], messageQueues: [], ...rest }
}

/** No more of a received message than its topic. */
export function messageOf(topic: string): MessageExt {
  return { topic } as MessageExt
}
