import type { RocketMQError } from '../../../lib/errors'
import type { Message } from '../../../lib/model/message'
import type { SendResult } from '../../../lib/model/results'
import { type SendAllOptions, type SendAllTools, type SendOutcome, sendAll } from '../../../lib/producer/send-all'

const RESULT = { sendStatus: 'SEND_OK', msgId: 'A' } as SendResult
const message = (body: string): Message => ({ topic: 'T', body })

function setup(tools: Partial<SendAllTools<Message | readonly Message[]>> = {}) {
  const errors: RocketMQError[] = []
  const sent: unknown[] = []
  const run = async (
    messages: (Message | readonly Message[])[],
    options: SendAllOptions = {},
  ): Promise<SendOutcome<Message | readonly Message[]>[]> => {
    const outcomes: SendOutcome<Message | readonly Message[]>[] = []
    const all: SendAllTools<Message | readonly Message[]> = {
      send: async (each, sendOptions) => {
        sent.push([each, sendOptions])
        return RESULT
      },
      check: () => undefined,
      onBackgroundError: error => errors.push(error),
      ...tools,
    }
    for await (const outcome of sendAll(messages, options, all)) outcomes.push(outcome)
    return outcomes
  }
  return { run, sent, errors }
}

describe('sendAll', () => {
  it('gives what is said of a send to each, and keeps what is its own', async () => {
    const { run, sent } = setup()
    const [a, b] = [message('a'), message('b')]
    const outcomes = await run([a, b], { concurrency: 1, timeoutMs: 5, shardingKey: 'k', onProgress: () => undefined })
    expect(sent).toEqual([
      [a, { timeoutMs: 5, shardingKey: 'k' }],
      [b, { timeoutMs: 5, shardingKey: 'k' }],
    ])
    expect(outcomes).toEqual([
      { index: 0, message: a, result: RESULT, error: undefined },
      { index: 1, message: b, result: RESULT, error: undefined },
    ])
  })

  it('tells of a send that throws at once as of one that rejects', async () => {
    const defect = new Error('a defect')
    const { run } = setup({
      send: () => {
        throw defect
      },
    })
    expect(await run([message('a')])).toEqual([{ index: 0, message: message('a'), result: undefined, error: defect }])
  })

  it('counts the messages of a batch one by one', async () => {
    const { run } = setup({
      send: async each => {
        if (Array.isArray(each)) return RESULT
        throw new Error('no')
      },
    })
    const progress: unknown[] = []
    const batch = [message('a'), message('b')]
    await run([batch, message('c')], { concurrency: 1, onProgress: each => progress.push(each) })
    expect(progress).toEqual([
      { sent: 2, failed: 0 },
      { sent: 2, failed: 1 },
    ])
  })

  it('goes on where onProgress throws, and tells of it', async () => {
    const { run, errors } = setup()
    const cause = new Error('a defect')
    const onProgress = (): void => {
      throw cause
    }
    expect(await run([message('a'), message('b')], { onProgress })).toHaveLength(2)
    expect(errors).toEqual([
      expect.objectContaining({ code: 'INVALID_STATE', cause }),
      expect.objectContaining({ code: 'INVALID_STATE', cause }),
    ])
  })

  it('ends with ABORTED, whose cause is the reason, where its signal is aborted already', async () => {
    const { run, sent } = setup()
    const reason = new Error('enough')
    const ended = run([message('a')], { signal: AbortSignal.abort(reason) })
    await expect(ended).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
    expect(sent).toEqual([])
  })

  it.each<[string, unknown, object]>([
    ['what is no source', 7, {}],
    ['a text', 'text', {}],
    ['no source', null, {}],
    ['a concurrency of 0', [], { concurrency: 0 }],
    ['a concurrency above the limit', [], { concurrency: 65_536 }],
    ['an onProgress that is no function', [], { onProgress: {} }],
    ['an unknown option', [], { limit: 3 }],
    ['two ways to choose the queue', [], { shardingKey: 'k', selector: () => undefined }],
  ])('refuses %s before it begins', (_what, messages, options) => {
    expect(() => sendAll(messages as [], options, {} as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
