import { brokerError } from '../../../../lib/commands/response-code'
import { asPopError, checkPopSupport, masterOf } from '../../../../lib/consumer/pop/pop-broker'
import type { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'

const OLD = 4 * 2 + 293
const NEW = 413

describe('the master of a broker', () => {
  it('is looked up where it is not known, and may not exist', async () => {
    const client = new FakeClient().topic('Orders', { a: 1 })
    expect(await masterOf(client.asClient, { topic: 'Orders', brokerName: 'a' }, {})).toBe('a:10911')
    const lost = masterOf(client.asClient, { topic: 'Orders', brokerName: 'z' }, {})
    await expect(lost).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic: 'Orders', brokerName: 'z' })
  })

  it('is none for a static topic, whose brokers know no POP of it', async () => {
    const client = new FakeClient().topic('Orders', { a: 1 })
    const asked = masterOf(client.asClient, { topic: 'Orders', brokerName: '__syslo__global__' }, {})
    const says = expect.stringContaining('Orders is static')
    await expect(asked).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', retriable: false, message: says })
  })
})

describe('brokers that are to know POP', () => {
  function setup(versions: Readonly<Record<string, number>>) {
    const client = new FakeClient().topic('Orders', { a: 1, b: 1 })
    for (const [name, version] of Object.entries(versions)) client.versions.set(`${name}:10911`, () => version)
    const errors: RocketMQError[] = []
    const onBackgroundError = (error: RocketMQError) => void errors.push(error)
    const topics = ['Orders', 'Unknown']
    return { errors, checked: checkPopSupport(client.asClient, { topics, onBackgroundError }, {}) }
  }

  it('are of 5.0 or later', async () => {
    await expect(setup({ a: NEW, b: NEW }).checked).resolves.toBeUndefined()
    const refused = { code: 'UNSUPPORTED_BY_BROKER', address: 'b:10911' }
    await expect(setup({ a: NEW, b: OLD }).checked).rejects.toMatchObject(refused)
  })

  it('hold nothing up where they do not answer', async () => {
    const { checked, errors } = setup({ a: NEW })
    await checked
    expect(errors).toMatchObject([{ code: 'CONNECT_FAILED' }])
  })

  it('say so themselves, too', () => {
    const says = asPopError(brokerError(3, 'request type not supported'), 'a:1')
    expect(says).toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', address: 'a:1', cause: { code: 'BROKER_ERROR' } })
    const pull = 'Cannot invoke intValue(): the return value of PullMessageRequestHeader.getSysFlag() is null'
    expect(asPopError(brokerError(1, pull), 'a:1')).toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', retriable: false })
    const other = brokerError(1, 'no')
    expect(asPopError(other, 'a:1')).toBe(other)
  })
})
