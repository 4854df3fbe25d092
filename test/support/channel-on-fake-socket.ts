import { Channel, type ChannelOptions } from '../../lib/remoting/channel'
import { ManualClock } from '../../lib/runtime/manual-clock'
import type { RemotingCommand } from '../../lib/wire/remoting-command'
import { FakeSocket } from './fake-socket'
import { RecordedRequest } from './pending'
import { silentLog } from './recording-log'

/** A deadline is kept within this much, ms. */
export const TICK_MS = 16

/** A channel on a fake socket, with what it dispatched and how it ended. */
export function openFakeChannel(options: Partial<ChannelOptions> = {}) {
  const clock = new ManualClock()
  const socket = new FakeSocket()
  const dispatched: RemotingCommand[] = []
  const closed: unknown[] = []
  const channel = new Channel(socket, {
    address: '10.0.0.1:10911',
    clock,
    log: silentLog(clock),
    identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
    dispatch: frame => dispatched.push(frame),
    onClosed: (_channel, error) => closed.push(error),
    ...options,
  })
  const request = (timeoutMs = 3000, entry = new RecordedRequest()): RecordedRequest => {
    channel.request(entry, timeoutMs)
    return entry
  }
  return { clock, socket, channel, dispatched, closed, request }
}
