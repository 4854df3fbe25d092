import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { DiagnosticsChannel, DiagnosticsEvents } from './events'

type Tracing = { readonly [C in DiagnosticsChannel]: TracingChannel<unknown, DiagnosticsEvents[C]> }

/** Kept for as long as the process: Node forgets channels that nobody holds. */
const TRACING: Tracing = {
  send: tracingChannel('rocketwire:send'),
  process: tracingChannel('rocketwire:process'),
  receive: tracingChannel('rocketwire:receive'),
  settle: tracingChannel('rocketwire:settle'),
  request: tracingChannel('rocketwire:request'),
}

/** Node's tracing channel `rocketwire:<channel>`, typed: the same object that `tracingChannel` of Node works on. */
export function tracing<C extends DiagnosticsChannel>(channel: C): Tracing[C] {
  return TRACING[channel]
}
