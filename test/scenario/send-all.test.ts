import { type Message, type SendOutcome } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'

async function* stream(topic: string, count: number, state = { taken: 0 }): AsyncGenerator<Message> {
  for (; state.taken < count; state.taken++) yield { topic, body: `message ${state.taken}` }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = []
  for await (const item of items) seen.push(item)
  return seen
}

describeScenario('sendAll', cluster => {
  cluster.it('sends every message of a stream, and tells what became of each', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    const { inbox } = await site.reader(topic)
    const progress: unknown[] = []
    const outcomes = await all(
      producer.sendAll(stream(topic, 500), { concurrency: 16, onProgress: each => progress.push(each) }),
    )
    expect(outcomes.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...Array(500).keys()])
    for (const { index, message, result } of outcomes) {
      expect(message.body).toBe(`message ${index}`)
      expect(result?.sendStatus).toBe('SEND_OK')
    }
    expect(progress).toHaveLength(500)
    expect(progress.at(-1)).toEqual({ sent: 500, failed: 0 })
    await inbox.first(500)
    expect(inbox.distinct.size).toBe(500)
  })

  cluster.it('tells of what cannot be sent, and goes on; batches are one outcome', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    const ok = { topic, body: 'ok' }
    const batch = [ok, ok, ok]
    const progress: unknown[] = []
    const items: (Message | readonly Message[])[] = [ok, { topic: 'no topic!', body: 'x' }, batch, { topic, body: '' }]
    const outcomes = await all(producer.sendAll(items, { onProgress: each => progress.push(each) }))
    const told = outcomes.toSorted((a, b) => a.index - b.index)
    expect(told.map(({ error, result }) => (error === undefined ? result.sendStatus : error))).toEqual([
      'SEND_OK',
      expect.objectContaining({ code: 'INVALID_TOPIC', sent: 'NO' }),
      'SEND_OK',
      expect.objectContaining({ code: 'INVALID_MESSAGE', sent: 'NO' }),
    ])
    expect(told[2]?.result?.msgId.split(',')).toHaveLength(3)
    expect(progress.at(-1)).toEqual({ sent: 4, failed: 2 })
  })

  cluster.it('keeps the order of its messages one at a time', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const outcomes = await all(producer.sendAll(stream(topic, 50), { concurrency: 1 }))
    expect(outcomes.map(({ index }) => index)).toEqual([...Array(50).keys()])
    expect(outcomes.map(({ result }) => result?.queueOffset)).toEqual([...Array(50).keys()])
  })

  cluster.it('takes no more than it has room for, slows down at a rate limit, and drains at a shutdown', async site => {
    const topic = await site.freshTopic()
    // 20 at once, then 50 a second: with a limit of 200 ms a send could not wait for more than 10 others.
    const producer = await site.producer({ rateLimit: { perSecond: 50, burst: 20 }, sendTimeoutMs: 20_000 })
    const state = { taken: 0 }
    const outcomes = producer.sendAll(stream(topic, 1e9, state), { concurrency: 30 })
    const seen: SendOutcome[] = []
    const reading = (async () => {
      for await (const outcome of outcomes) {
        seen.push(outcome)
        if (seen.length === 40) void producer.shutdown()
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'INVALID_STATE' })
    expect(seen.filter(({ error }) => error !== undefined)).toEqual([])
    expect(seen.length).toBeLessThanOrEqual(70)
    expect(state.taken).toBeLessThanOrEqual(seen.length + 1)
  })

  cluster.it('ends when it is aborted, and closes its source', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    const abort = new AbortController()
    let isClosed = false
    async function* endless(): AsyncGenerator<Message> {
      try {
        for (;;) yield { topic, body: 'x' }
      } finally {
        isClosed = true
      }
    }
    const reading = (async () => {
      for await (const { index } of producer.sendAll(endless(), { concurrency: 4, signal: abort.signal }))
        if (index === 10) abort.abort(new Error('enough'))
    })()
    await expect(reading).rejects.toMatchObject({
      code: 'ABORTED',
      cause: expect.objectContaining({ message: 'enough' }),
    })
    expect(isClosed).toBe(true)
    await producer.send({ topic, body: 'still there' })
  })
})

// Nothing is asked of a broker.
describeEmulatorOnly('sendAll', cluster => {
  cluster.it('refuses what is no source, no option or no number, and a producer that does not run', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    const errors: unknown[] = []
    producer.on('backgroundError', error => errors.push(error))
    const wrong = (messages: unknown, options?: object) => () => producer.sendAll(messages as Message[], options)
    for (const refused of [
      wrong('text'),
      wrong(undefined),
      wrong([], { concurrency: 0 }),
      wrong([], { onProgress: 1 }),
      wrong([], { bound: 1 }),
    ])
      expect(refused).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    const onProgress = (): void => {
      throw new Error('a defect')
    }
    await all(producer.sendAll([{ topic, body: 'x' }], { onProgress }))
    expect(errors).toEqual([expect.objectContaining({ message: 'onProgress of a sendAll threw' })])
    await producer.shutdown()
    expect(wrong([])).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }))
  })
})
