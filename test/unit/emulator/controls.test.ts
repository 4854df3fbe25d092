import { inspect } from 'node:util'
import { HEART_BEAT } from '../../../lib/commands/client'
import { encodeRequest } from '../../../lib/commands/command'
import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../lib/commands/callback'
import { type ArrivalContext, Controls } from '../../../lib/emulator/controls'
import type { Channel } from '../../../lib/remoting/channel'
import { type RemotingCommand, isOneway } from '../../../lib/wire/remoting-command'

function site(broker = 'broker-a') {
  const log: string[] = []
  const channel = {
    state: 'open',
    close: () => {
      channel.state = 'closed'
      log.push('closed')
    },
    reply: (_: RemotingCommand, { code, remark }: { code: number; remark?: string }) => {
      log.push(remark === undefined ? `reply ${code}` : `reply ${code} ${remark}`)
    },
  }
  const contextOf = (queueId: number): ArrivalContext => {
    const content = encodeRequest(GET_MAX_OFFSET, { header: { topic: 'Orders', queueId } })
    const rest = {
      language: 'OTHER',
      version: 477,
      opaque: 1,
      flag: 0,
      remark: undefined,
      serializeType: 'JSON',
    } as const
    const frame = { ...rest, code: content.code, extFields: content.extFields, body: Buffer.alloc(0) }
    return { frame, channel: channel as unknown as Channel, broker, brokerId: 0 }
  }
  const controls = new Controls()
  const arrive = (queueId = 0): void =>
    controls.dispatch(contextOf(queueId), passed => log.push(isOneway(passed) ? 'handled, no reply' : 'handled'))
  const push = (): void => {
    const context = { ...contextOf(0), frame: undefined }
    const request = { header: { consumerGroup: 'g' } }
    controls.push(NOTIFY_CONSUMER_IDS_CHANGED, request, { context, send: () => log.push('sent') })
  }
  return { controls, log, arrive, push, contextOf }
}

describe('what is refused', () => {
  const refusal = (says: string): Error => {
    const error = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) as string }
    return expect.objectContaining(error) as Error
  }

  it('is a command that does not exist, and what is no function', async () => {
    const { controls } = site()
    expect(() => controls.add('NOPE' as 'HEART_BEAT', () => 'drop')).toThrow(refusal('no command NOPE'))
    expect(() => controls.add('toString' as 'HEART_BEAT', () => 'drop')).toThrow(refusal('no command toString'))
    expect(() => controls.add('HEART_BEAT', 5 as never)).toThrow(refusal('must be a function'))
    await expect(controls.received('NOPE' as 'HEART_BEAT')).rejects.toThrow(refusal('no command NOPE'))
    await expect(controls.received('HEART_BEAT', 5 as never)).rejects.toThrow(refusal('must be a function'))
  })

  it.each([[{ times: -1 }], [{ times: 0 }], [{ times: 'once' }], [{ time: 1 }], [{ broker: 5 }], [null]])(
    'is %j for its options',
    options => {
      const { controls } = site()
      expect(() => controls.add('HEART_BEAT', () => 'drop', options as never)).toThrow(refusal(''))
    },
  )
})

describe('Controls', () => {
  it('pass everything while nobody asks for it', () => {
    const { controls, log, arrive } = site()
    arrive()
    expect(log).toEqual(['handled'])
    expect(controls.wants(GET_MAX_OFFSET.code)).toBe(false)
  })

  it.each([
    ['pass' as const, ['handled']],
    [undefined, ['handled']],
    ['drop' as const, []],
    ['close' as const, ['closed']],
    ['drop-reply' as const, ['handled, no reply']],
    ['close-reply' as const, ['handled, no reply', 'closed']],
    [{ code: 'SYSTEM_BUSY', remark: 'later' } as const, ['reply 2 later']],
    [{ code: 'SUCCESS', header: { offset: 5 } } as const, ['reply 0']],
  ])('take a request over with %j', (verdict, expected) => {
    const { controls, log, arrive } = site()
    controls.add('GET_MAX_OFFSET', () => verdict)
    arrive()
    expect(log).toEqual(expected)
  })

  it('take over one request, and only more where they are told to', () => {
    const { controls, log, arrive } = site()
    const once = controls.add('GET_MAX_OFFSET', () => 'drop')
    const twice = controls.add('GET_MAX_OFFSET', () => 'drop-reply', { times: 2 })
    for (let i = 0; i < 4; i++) arrive()
    expect(log).toEqual(['handled, no reply', 'handled, no reply', 'handled'])
    expect([once.seen, twice.seen]).toEqual([1, 2])
  })

  it('take over all requests until they are released', () => {
    const { controls, log, arrive } = site()
    const control = controls.add('GET_MAX_OFFSET', () => 'drop', { times: 'keep' })
    for (let i = 0; i < 3; i++) arrive()
    control.release()
    arrive()
    expect([control.seen, log]).toEqual([3, ['handled']])
    expect(controls.wants(GET_MAX_OFFSET.code)).toBe(false)
  })

  it('take over requests of one broker where they are told to', () => {
    const { controls, log, arrive } = site('broker-b')
    controls.add('GET_MAX_OFFSET', () => 'drop', { broker: 'broker-a' })
    arrive()
    expect(log).toEqual(['handled'])
    controls.add('GET_MAX_OFFSET', () => 'drop', { broker: 'broker-b' })
    arrive()
    expect(log).toEqual(['handled'])
  })

  it('see the request in its types and may decide by it', () => {
    const { controls, log, arrive } = site()
    controls.add('GET_MAX_OFFSET', ({ header }) => (header.queueId === 3 ? 'drop' : 'pass'), { times: 2 })
    arrive(3)
    arrive(4)
    expect(log).toEqual(['handled'])
  })

  it('hold a request back until their promise is settled', async () => {
    const { controls, log, arrive } = site()
    let release = (): void => undefined
    const gate = new Promise<void>(resolve => (release = resolve))
    controls.add('GET_MAX_OFFSET', () => gate)
    arrive()
    expect(log).toEqual([])
    const received = controls.received('GET_MAX_OFFSET')
    release()
    await received
    expect(log).toEqual(['handled'])
  })

  it('answer with the error that a control throws or rejects with', async () => {
    const { controls, log, arrive } = site()
    controls.add('GET_MAX_OFFSET', () => {
      throw new Error('thrown')
    })
    arrive()
    controls.add('GET_MAX_OFFSET', () => Promise.reject(new Error('rejected')))
    const received = controls.received('GET_MAX_OFFSET')
    arrive()
    await received
    expect(log).toEqual(['reply 1 thrown', 'reply 1 rejected'])
  })

  it.each([['droop'], [5], [null], [{}], [{ code: 3 }], [{ code: 'toString' }]])(
    'answer with an error that names what a control returned, where that is no verdict: %j',
    async verdict => {
      const { controls, log, arrive } = site()
      controls.add('GET_MAX_OFFSET', () => verdict as never)
      controls.add('GET_MAX_OFFSET', async () => verdict as never)
      arrive()
      arrive()
      await new Promise(resolve => setImmediate(resolve))
      expect(log).toHaveLength(2)
      for (const line of log) expect(line).toContain(`GET_MAX_OFFSET returned ${inspect(verdict)}; it may return`)
    },
  )

  it('resolve for the next request that matches, once it was handled', async () => {
    const { controls, log, arrive } = site()
    const received = controls.received('GET_MAX_OFFSET', ({ header }) => header.queueId === 2)
    const seenWhenHandled = received.then(() => [...log])
    arrive(1)
    arrive(2)
    expect((await received).header.queueId).toBe(2)
    expect(await seenWhenHandled).toEqual(['handled', 'handled'])
    expect(controls.wants(GET_MAX_OFFSET.code)).toBe(false)
  })

  it('do not count what was dropped as received', async () => {
    const { controls, arrive } = site()
    controls.add('GET_MAX_OFFSET', () => 'drop')
    const received = controls.received('GET_MAX_OFFSET')
    arrive(1)
    arrive(2)
    expect((await received).header.queueId).toBe(2)
  })

  it('reject whoever waits with what its condition throws', async () => {
    const { controls, log, arrive } = site()
    const received = controls.received('GET_MAX_OFFSET', () => {
      throw new Error('bad condition')
    })
    arrive()
    await expect(received).rejects.toThrow('bad condition')
    expect(log).toEqual(['handled'])
  })

  it('reject whoever waits when the emulator is shut down', async () => {
    const { controls } = site()
    const received = controls.received('HEART_BEAT')
    controls.close()
    await expect(received).rejects.toThrow('shut down before it received HEART_BEAT')
    expect(controls.wants(HEART_BEAT.code)).toBe(false)
  })

  it('pass a frame that is not as its row says, for the server to answer', () => {
    const { controls, log, contextOf } = site()
    const control = controls.add('GET_MAX_OFFSET', () => 'drop')
    const { frame, ...rest } = contextOf(0)
    controls.dispatch({ ...rest, frame: { ...frame, extFields: { topic: 'Orders' } } }, () => log.push('handled'))
    expect([log, control.seen]).toEqual([['handled'], 0])
  })

  it.each([
    ['pass' as const, ['sent']],
    ['drop' as const, []],
    ['close' as const, ['closed']],
  ])('take over what brokers send to clients with %s', (verdict, expected) => {
    const { controls, log, push } = site()
    controls.add('NOTIFY_CONSUMER_IDS_CHANGED', () => verdict)
    push()
    expect(log).toEqual(expected)
  })

  it('resolve for what brokers send to clients', async () => {
    const { controls, push } = site()
    const received = controls.received('NOTIFY_CONSUMER_IDS_CHANGED')
    push()
    expect((await received).header.consumerGroup).toBe('g')
  })
})
