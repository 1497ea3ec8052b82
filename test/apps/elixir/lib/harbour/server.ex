defmodule Harbour.Server do
  @environment Mix.env()

  def listen(port) do
    {:ok, socket} = :gen_tcp.listen(port, [:binary, packet: :http_bin, active: false, reuseaddr: true])
    accept(socket)
  end

  defp accept(socket) do
    {:ok, client} = :gen_tcp.accept(socket)
    Task.Supervisor.start_child(Harbour.Connections, fn -> serve(client) end)
    accept(socket)
  end

  defp serve(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, {:http_request, _method, {:abs_path, path}, _version}} -> answer(client, path)
      _ -> :ok
    end

    :gen_tcp.close(client)
  end

  defp answer(client, path) do
    body = ~s({"app":"elixir","environment":"#{@environment}","path":"#{path}"})

    :gen_tcp.send(client, [
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ",
      Integer.to_string(byte_size(body)),
      "\r\n\r\n",
      body
    ])
  end
end
