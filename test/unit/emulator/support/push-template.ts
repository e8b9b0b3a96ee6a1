/** What makes a meter of a test template push to a port of this machine, and gives it a breaker with a button. */
export const pushAndBreaker = (port: number): string => `
  object push 0-0:25.9.0.255 push-setup {
    rights: open
    version: 0
    push_object_list: push_object(ldn.value)
    send_destination_and_method: destination(tcp, "127.0.0.1:${port}")
  }
  object nowhere 0-1:25.9.0.255 push-setup { rights: open   version: 0   push_object_list: push_object(ldn.value) }
  object breaker 0-0:96.3.10.255 disconnect-control { rights: open   control_mode: 5 }
  object fixed 0-1:96.3.10.255 disconnect-control { rights: open   control_mode: 4 }
`;
