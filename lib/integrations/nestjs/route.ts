import { RocketMQError } from '../../errors'

/** A pattern of a handler: `'Topic'`, `'Topic:tag'`, or the same as an object. Without a tag: all messages of the topic. */
export type RocketMQPattern = string | { readonly topic: string; readonly tag?: string }

/** Where the messages of a pattern are. */
export interface Route {
  readonly topic: string
  readonly tag: string | undefined
}

/** @throws RocketMQError INVALID_ARGUMENT for what is no pattern */
export function routeOf(pattern: unknown): Route {
  if (typeof pattern === 'string') {
    // Topics have no colon, tags may.
    const [, topic = '', tag] = /^([^:]*)(?::(.*))?$/s.exec(pattern) ?? []
    if (topic !== '' && tag !== '') return { topic, tag }
  } else if (typeof pattern === 'object' && pattern !== null) {
    const { topic, tag } = pattern as { topic?: unknown; tag?: unknown }
    if (typeof topic === 'string' && topic !== '' && (tag === undefined || isTag(tag))) return { topic, tag }
  }
  const says = `${JSON.stringify(pattern)} is no pattern for RocketMQ: give 'Topic', 'Topic:tag' or { topic, tag }`
  throw new RocketMQError('INVALID_ARGUMENT', says)
}

/** The one text of a route, under which Nest keeps its handler. */
export function routeKey({ topic, tag }: Route): string {
  return tag === undefined ? topic : `${topic}:${tag}`
}

/** What to subscribe to of each topic, so that every handler gets its messages. */
export function subscriptionsOf(routes: Iterable<Route>): Map<string, string> {
  const expressions = new Map<string, string>()
  for (const { topic, tag } of routes) {
    const known = expressions.get(topic)
    if (tag === undefined || known === '*') expressions.set(topic, '*')
    else expressions.set(topic, known === undefined ? tag : `${known} || ${tag}`)
  }
  return expressions
}

function isTag(tag: unknown): tag is string {
  return typeof tag === 'string' && tag !== ''
}
