defmodule Harbour.MixProject do
  use Mix.Project

  def project do
    [app: :harbour, version: "0.1.0", elixir: "~> 1.14", deps: []]
  end

  def application do
    [mod: {Harbour, []}]
  end
end
