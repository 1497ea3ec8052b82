# frozen_string_literal: true

require "sinatra"

get "/berths/:name" do
  content_type :json
  %({"app":"ruby-sinatra","berth":"#{params["name"]}"})
end
