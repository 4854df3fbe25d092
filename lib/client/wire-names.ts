import type { MessageQueue } from '../model/message-queue'
import { unwrapNamespace, wrapNamespace } from '../model/namespace'
import type { NameTranslation } from '../remoting/name-translation'

/** Fields of headers and bodies that hold the name of a topic or a group, whatever command they belong to. */
const NAME_FIELDS: ReadonlySet<string> = new Set([
  'topic',
  'originTopic',
  'group',
  'groupName',
  'consumerGroup',
  'producerGroup',
])
/** Nothing that is sent or received is nested deeper. */
const MAX_DEPTH = 8

/**
 * Names of topics and groups as brokers have them, where a namespace (version 1, in the names) is set. Inside the client and
 * towards users names are bare; at the edge to the network, where requests are made and answers read, they are translated.
 */
export class WireNames implements NameTranslation {
  /** Empty where there is none, and nothing is done then. */
  readonly namespace: string

  constructor(namespace: string) {
    this.namespace = namespace
  }

  /** The name that brokers know a topic or a group by. */
  wire(name: string): string {
    return this.namespace === '' ? name : wrapNamespace(this.namespace, name)
  }

  /** The name that users know it by. */
  user(name: string): string {
    return this.namespace === '' ? name : unwrapNamespace(this.namespace, name)
  }

  wireQueue(queue: MessageQueue): MessageQueue {
    return this.namespace === '' ? queue : { ...queue, topic: this.wire(queue.topic) }
  }

  userQueue(queue: MessageQueue): MessageQueue {
    return this.namespace === '' ? queue : { ...queue, topic: this.user(queue.topic) }
  }

  outgoing<T>(message: T): T {
    return this.namespace === '' ? message : translated(message, name => this.wire(name), 0)
  }

  incoming<T>(message: T): T {
    return this.namespace === '' ? message : translated(message, name => this.user(name), 0)
  }
}

/** A copy of plain data with its names translated; all else, bytes among it, as it is. */
function translated<T>(value: T, translate: (name: string) => string, depth: number): T {
  if (depth > MAX_DEPTH) return value
  if (Array.isArray(value)) return value.map((item: unknown) => translated(item, translate, depth + 1)) as T
  if (!isPlainObject(value)) return value
  const entries = Object.entries(value).map(([field, part]) => {
    const isName = typeof part === 'string' && NAME_FIELDS.has(field)
    return [field, isName ? translate(part) : translated(part, translate, depth + 1)] as const
  })
  return Object.fromEntries(entries) as T
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
