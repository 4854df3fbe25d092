import { MemoryIdempotencyStore, PushConsumer, idempotent } from '../../../../lib/index'

const consumer = (): PushConsumer => new PushConsumer({ namesrvAddr: '127.0.0.1:1', consumerGroup: 'g' })
const options = { store: new MemoryIdempotencyStore() }
const taken = expect.any(PushConsumer)

// It is the compiler that is tested most: each line is a listener as users write it.
describe('a listener', () => {
  it('may return its outcome, or a promise of it', () => {
    expect(consumer().consume(() => 'CONSUME_SUCCESS')).toEqual(taken)
    expect(consumer().consume(async () => 'CONSUME_SUCCESS')).toEqual(taken)
    expect(consumer().consumeEach(async () => 'RECONSUME_LATER')).toEqual(taken)
    expect(consumer().consumeEach({ concurrency: 2 }, async () => ({ status: 'RECONSUME_LATER' }))).toEqual(taken)
    expect(consumer().consumeEach({ ordered: 'queue' }, async () => 'SUCCESS')).toEqual(taken)
    expect(consumer().consume({ ordered: 'key' }, async () => 'SUSPEND_CURRENT_QUEUE_A_MOMENT')).toEqual(taken)
    expect(consumer().consumeEach(idempotent(async () => 'RECONSUME_LATER', options))).toEqual(taken)
  })

  it('may return one outcome or another', () => {
    expect(consumer().consumeEach(async ({ tags }) => (tags === 'late' ? 'RECONSUME_LATER' : undefined))).toEqual(taken)
    const either = consumer().consumeEach(message => {
      if (message.tags === 'late') return { status: 'RECONSUME_LATER', delayLevel: 3 }
      return 'CONSUME_SUCCESS'
    })
    expect(either).toEqual(taken)
  })

  it('may return nothing, or a promise of nothing', () => {
    expect(consumer().consumeEach(message => console.log(message.text()))).toEqual(taken)
    expect(consumer().consumeEach(async message => console.log(message.text()))).toEqual(taken)
    expect(consumer().consume(() => new Promise(resolve => resolve()))).toEqual(taken)
    expect(consumer().consumeEach({ ordered: 'queue' }, () => new Promise(resolve => resolve()))).toEqual(taken)
  })

  it('cannot return what is no outcome', () => {
    // @ts-expect-error a misspelt outcome
    expect(consumer().consume(async () => 'CONSUME_SUCCES')).toEqual(taken)
    // @ts-expect-error an outcome of listeners in order
    expect(consumer().consumeEach(() => 'SUCCESS')).toEqual(taken)
    // @ts-expect-error a level that is no number
    expect(consumer().consumeEach(() => ({ status: 'RECONSUME_LATER', delayLevel: 'three' }))).toEqual(taken)
  })
})
