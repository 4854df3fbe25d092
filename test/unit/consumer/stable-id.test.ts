import { resolveClientOptions } from '../../../lib/client/resolve-client-options'
import { withStableId } from '../../../lib/consumer/stable-id'

const client = (instanceName?: string) =>
  resolveClientOptions({ namesrvAddr: 'n:1', advanced: instanceName === undefined ? {} : { instanceName } })
const broadcasting = { messageModel: 'BROADCASTING', broadcastOffsetKey: undefined } as const

describe('the name of a client instance', () => {
  it('is the same at every start of a broadcasting consumer, unless the user gives one', () => {
    expect(withStableId(client(), broadcasting).instanceName).toBe('DEFAULT')
    expect(withStableId(client('screen-1'), broadcasting).instanceName).toBe('screen-1')
  })

  it('is left to chance where members of one host are told apart by it', () => {
    expect(withStableId(client(), { ...broadcasting, messageModel: 'CLUSTERING' }).instanceName).toBeUndefined()
  })

  it('is left to chance where offsets are found again by a key', () => {
    expect(withStableId(client(), { ...broadcasting, broadcastOffsetKey: 'a' }).instanceName).toBeUndefined()
  })
})
