import type { ClientInstance } from '../../../lib/client/client-instance'
import { healthOf } from '../../../lib/client/health'
import type { LastHeartbeat } from '../../../lib/client/heartbeat'
import { RocketMQError } from '../../../lib/errors'
import { ManualClock } from '../../../lib/runtime/manual-clock'

interface Known {
  /** Addresses that there is a connection to. */
  readonly open?: readonly string[]
  readonly brokers?: readonly { brokerName: string; brokerId: number; address: string }[]
  readonly beats?: Readonly<Record<string, LastHeartbeat>>
  readonly kinds?: readonly string[]
}

const clock = new ManualClock()
const ANSWERED: LastHeartbeat = { answered: { at: 1700, monotonicAt: clock.monotonic() }, error: undefined }
const A = { brokerName: 'a', brokerId: 0, address: 'a:1' }
const A_SLAVE = { brokerName: 'a', brokerId: 1, address: 'a:2' }
const B = { brokerName: 'b', brokerId: 0, address: 'b:1' }

function health({ open = [], brokers = [], beats = {}, kinds = ['producer'] }: Known, now = clock) {
  const client = {
    clock: now,
    options: { heartbeatBrokerIntervalMs: 1000 },
    members: new Set(kinds.map(kind => ({ kind }))),
    nameServers: { addresses: ['ns:1', 'ns:2'] },
    routes: { addresses: () => [...brokers] },
    remoting: { openChannel: (address: string) => (open.includes(address) ? {} : undefined) },
    lastHeartbeat: (address: string) => beats[address],
  }
  return healthOf('running', client as unknown as ClientInstance)
}

describe('health', () => {
  it.each(['created', 'starting', 'stopping', 'stopped', 'failed'] as const)('is DOWN while it is %s', state => {
    const expected = { status: 'DOWN', state, reasons: [`it is ${state}`], nameServers: [], brokers: [] }
    expect(healthOf(state, undefined)).toEqual(expected)
  })

  it('is UP with a name server and every broker, and tells of them in order', () => {
    const beats = { 'a:1': ANSWERED, 'b:1': ANSWERED }
    const { status, reasons, nameServers, brokers } = health({
      open: ['ns:2', 'a:1', 'b:1'],
      brokers: [B, A_SLAVE, A],
      beats,
    })
    expect([status, reasons]).toEqual(['UP', []])
    expect(nameServers).toEqual([
      { address: 'ns:1', connected: false },
      { address: 'ns:2', connected: true },
    ])
    expect(brokers).toEqual([
      { ...A, connected: true, lastHeartbeatAt: 1700, error: undefined },
      { ...A_SLAVE, connected: false, lastHeartbeatAt: undefined, error: undefined },
      { ...B, connected: true, lastHeartbeatAt: 1700, error: undefined },
    ])
  })

  it('is UP before any broker is known, with a name server alone', () => {
    expect(health({ open: ['ns:1'] }).status).toBe('UP')
    expect(health({}).status).toBe('DOWN')
  })

  it('is DEGRADED where one of two brokers is missing, DOWN where both are', () => {
    const error = new RocketMQError('CONNECT_FAILED', 'cannot connect to b:1: refused')
    const beats = { 'a:1': ANSWERED, 'b:1': { answered: undefined, error } }
    const one = health({ open: ['ns:1', 'a:1'], brokers: [A, B], beats })
    expect([one.status, one.reasons]).toEqual(['DEGRADED', ['broker b at b:1: cannot connect to b:1: refused']])
    expect(one.brokers[1]?.error).toBe(error.message)
    const none = health({ open: ['ns:1'], brokers: [A, B], beats })
    expect([none.status, none.reasons[0]]).toEqual(['DOWN', 'broker a at a:1 is not connected'])
  })

  it('is DEGRADED where no name server is connected: what is known goes on', () => {
    const { status, reasons } = health({ open: ['a:1'], brokers: [A], beats: { 'a:1': ANSWERED } })
    const says = 'no name server is connected (ns:1, ns:2): routes are not kept fresh'
    expect([status, reasons]).toEqual(['DEGRADED', [says]])
  })

  it('names a slave that heard heartbeats and fell silent', () => {
    const error = new RocketMQError('REQUEST_TIMEOUT', 'no reply')
    const beats = { 'a:1': ANSWERED, 'a:2': { answered: undefined, error } }
    const { status, reasons } = health({ open: ['ns:1', 'a:1'], brokers: [A, A_SLAVE], beats })
    expect([status, reasons]).toEqual(['DEGRADED', ['broker a (slave 1) at a:2: no reply']])
  })

  it('counts a broker as silent after two and a half intervals without an answer', async () => {
    const later = new ManualClock()
    const answered = { at: later.now(), monotonicAt: later.monotonic() }
    const known = { open: ['ns:1', 'a:1'], brokers: [A], beats: { 'a:1': { answered, error: undefined } } }
    await later.advance(2500)
    expect(health(known, later).status).toBe('UP')
    await later.advance(1)
    expect(health(known, later).reasons).toEqual(['broker a at a:1 has answered no heartbeat for 2501 ms'])
    expect(health({ ...known, beats: {} }, later).reasons).toEqual(['broker a at a:1 has answered no heartbeat yet'])
  })

  it('wants no broker to hear of administrators', () => {
    expect(health({ open: ['ns:1'], brokers: [A], kinds: ['admin'] }).status).toBe('UP')
  })
})
