import type { Channel } from '../../lib/remoting/channel'

/** A channel of which only address and state count. */
export function fakeChannel(address = '127.0.0.1:50000'): Channel {
  const channel = {
    address,
    state: 'open',
    close(): void {
      channel.state = 'closed'
    },
  }
  return channel as unknown as Channel
}
