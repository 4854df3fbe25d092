import { pauseQueues, resumeQueues } from '../../../../lib/consumer/push/pausing'
import { Gate } from '../../../../lib/runtime/gate'

const queue = (queueId: number) => ({ topic: 'T', brokerName: 'a', queueId })

describe('pausing queues', () => {
  const gates = [new Gate(), new Gate()]
  const gateOf = ({ queueId }: { queueId: number }) => gates[queueId]

  it('shuts the gates of all of them, or of none', () => {
    pauseQueues([queue(0), queue(1)], 'g', gateOf)
    expect(gates.map(gate => gate.isOpen)).toEqual([false, false])
    resumeQueues([queue(0), queue(1), queue(9)], gateOf)
    expect(gates.map(gate => gate.isOpen)).toEqual([true, true])
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', topic: 'T', brokerName: 'a' })
    expect(() => pauseQueues([queue(0), queue(9)], 'g', gateOf)).toThrow(refused)
    expect(gates.map(gate => gate.isOpen)).toEqual([true, true])
  })

  it('takes queue -1 for all of a broker that is popped', () => {
    const any = new Gate()
    pauseQueues([queue(-1)], 'g', ({ queueId }) => (queueId === -1 ? any : undefined))
    expect(any.isOpen).toBe(false)
  })

  it('needs a list of queues', () => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => pauseQueues(queue(0) as never, 'g', gateOf)).toThrow(refused)
    expect(() => resumeQueues(undefined as never, gateOf)).toThrow(refused)
    expect(() => resumeQueues([undefined as never], gateOf)).toThrow(refused)
  })
})
