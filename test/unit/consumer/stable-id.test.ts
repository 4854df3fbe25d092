import { resolveClientOptions } from '../../../lib/client/resolve-client-options'
import { withStableId } from '../../../lib/consumer/stable-id'

const client = (instanceName?: string) =>
  resolveClientOptions({ namesrvAddr: 'n:1', advanced: instanceName === undefined ? {} : { instanceName } })

describe('the name of a client instance', () => {
  it('is the same at every start of a broadcasting consumer, unless the user gives one', () => {
    expect(withStableId(client(), 'BROADCASTING').instanceName).toBe('DEFAULT')
    expect(withStableId(client('screen-1'), 'BROADCASTING').instanceName).toBe('screen-1')
  })

  it('is left to chance where members of one host are told apart by it', () => {
    expect(withStableId(client(), 'CLUSTERING').instanceName).toBeUndefined()
  })
})
