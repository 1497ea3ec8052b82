# frozen_string_literal: true

Gem::Specification.new do |s|
  s.name = "greeting"
  s.version = "1.0.0"
  s.summary = "Greets"
  s.authors = ["npx-action"]
  s.files = ["lib/greeting.rb"]
end
