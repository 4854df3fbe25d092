import { asHalf, checkTransactional } from '../../../../lib/producer/transaction/half-message'
import { prepareMessage } from '../../../../lib/sending/prepared-message'
import { decodeProperties } from '../../../../lib/wire/properties'
import { UniqueIds } from '../../../../lib/wire/unique-id'

const MESSAGE = { topic: 'T', body: 'hello', properties: { region: 'eu' } }
const prepared = () => prepareMessage(MESSAGE, { uniqueIds: new UniqueIds(), maxMessageSize: 1000 })

describe('a half message', () => {
  it('names its producer group and is flagged as prepared', () => {
    const plain = prepared()
    const half = asHalf(plain, { group: 'orders', immunitySeconds: undefined })
    const properties = { region: 'eu', UNIQ_KEY: plain.msgId, WAIT: 'true', TRAN_MSG: 'true', PGROUP: 'orders' }
    expect(decodeProperties(half.properties)).toEqual(properties)
    expect(half).toMatchObject({ sysFlag: 4, topic: 'T', body: plain.body, msgId: plain.msgId })
  })

  it('keeps what its flag says of compression', () => {
    const half = asHalf({ ...prepared(), sysFlag: 0x301 }, { group: 'g', immunitySeconds: undefined })
    expect(half.sysFlag).toBe(0x305)
  })

  it('may say how long the broker is not to ask', () => {
    const half = asHalf(prepared(), { group: 'g', immunitySeconds: 0 })
    expect(decodeProperties(half.properties)).toMatchObject({ CHECK_IMMUNITY_TIME_IN_SECONDS: '0' })
  })

  it.each([{ delayTimeLevel: 3 }, { delayMs: 1 }, { deliverAt: 1 }, { deliverAt: new Date() }])(
    'cannot have the delay %j',
    delay => {
      expect(() => checkTransactional({ ...MESSAGE, ...delay })).toThrow(/delay/)
    },
  )

  it('cannot be a batch', () => {
    expect(() => checkTransactional([MESSAGE] as never)).toThrow(/batch/)
  })

  it('can have a delay of nothing; what is no message is left to others', () => {
    expect(() => checkTransactional({ ...MESSAGE, delayTimeLevel: 0, delayMs: 0 })).not.toThrow()
    expect(() => checkTransactional(undefined as never)).not.toThrow()
  })
})
