import { Turns } from '../../../../lib/producer/outbox/turns'

/** What has resolved, in order. */
function recorded() {
  const order: string[] = []
  return { order, note: (name: string, promise: Promise<void>) => promise.then(() => void order.push(name)) }
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('turns of sends', () => {
  it('hold nobody up while all goes well', () => {
    const turns = new Turns()
    const first = turns.enter(['a'])
    expect([first.isHeldUp, turns.enter(['a']).isHeldUp]).toEqual([false, false])
  })

  it('hold those up who come after one that failed, until it has its outcome', async () => {
    const turns = new Turns()
    const { order, note } = recorded()
    const [one, two] = [turns.enter(['a']), turns.enter(['a'])]
    void note('two', two.first())
    const three = turns.enter(['a'])
    expect([three.isHeldUp, turns.enter(['b']).isHeldUp]).toEqual([true, false])
    void note('three', three.first())
    void note('one', one.first())
    await settled()
    expect(order).toEqual(['one'])
    one.leave()
    await settled()
    expect(order).toEqual(['one', 'two'])
    two.leave()
    await settled()
    expect(order).toEqual(['one', 'two', 'three'])
    three.leave()
    expect(turns.enter(['a']).isHeldUp).toBe(false)
  })

  it('of a batch are those of all its lanes', async () => {
    const turns = new Turns()
    const { order, note } = recorded()
    const [a, both, b] = [turns.enter(['a']), turns.enter(['a', 'b']), turns.enter(['b'])]
    void note('b', b.first())
    void note('both', both.first())
    await settled()
    expect(order).toEqual([])
    a.leave()
    await settled()
    expect(order).toEqual(['both'])
    both.leave()
    await settled()
    expect(order).toEqual(['both', 'b'])
  })

  it('without lanes are always the first', async () => {
    const turns = new Turns()
    await turns.enter([]).first()
    await turns.enter([]).first()
  })
})
