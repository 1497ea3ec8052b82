# frozen_string_literal: true

module Greeting
  def self.for(name) = "hello, #{name}"
end
