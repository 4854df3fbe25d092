import { heldBack } from '../../../../lib/consumer/push/held-back'
import { Gate } from '../../../../lib/runtime/gate'

const { signal } = new AbortController()
const place = (hasRoom: boolean) => ({ hasRoom, whenRoom: () => Promise.resolve() })

describe('a loop of a push consumer', () => {
  it('is held back by a gate that is shut, until it opens', async () => {
    const gates = [new Gate(), new Gate()]
    gates[1]?.shut()
    const held = heldBack({ gates, processQueue: place(false) }, signal)
    expect(held?.doing).toBe('is paused')
    gates[1]?.open()
    await held?.end
  })

  it('is held back by a full queue, and by nothing else', () => {
    expect(heldBack({ gates: [new Gate()], processQueue: place(false) }, signal)?.doing).toBe(
      'waits for listeners to make room',
    )
    expect(heldBack({ gates: [new Gate()], processQueue: place(true) }, signal)).toBeUndefined()
  })
})
