defmodule Harbour do
  use Application

  @impl true
  def start(_type, _args) do
    port = String.to_integer(System.get_env("PORT", "8080"))
    children = [{Task.Supervisor, name: Harbour.Connections}, {Task, fn -> Harbour.Server.listen(port) end}]
    Supervisor.start_link(children, strategy: :one_for_one)
  end
end
